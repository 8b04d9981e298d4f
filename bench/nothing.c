// SPDX-License-Identifier: Apache-2.0
// The shortest process that there is: built static, without a C library, it only exits.
void _start(void)
{
#if defined(__x86_64__)
	__asm__ volatile("mov $60, %eax\n xor %edi, %edi\n syscall");
#elif defined(__aarch64__)
	__asm__ volatile("mov x8, #93\n mov x0, #0\n svc #0");
#endif
	__builtin_unreachable();
}
