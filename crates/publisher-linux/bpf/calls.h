/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* Arguments of system calls, from the caller's registers. They outlive the call. */
#ifndef EVTABLES_CALLS_H
#define EVTABLES_CALLS_H

#if defined(__TARGET_ARCH_x86)
#define OPEN_CALL 2
#define CLOSE_CALL 3
#define WRITE_CALL 1
#define PWRITE_CALL 18
#define OPENAT_CALL 257
#define UTIMENSAT_CALL 280
#define OPENAT2_CALL 437
#define MKDIRAT_CALL 258
#define MKNODAT_CALL 259
#define UNLINKAT_CALL 263
#define LINKAT_CALL 265
#define SYMLINKAT_CALL 266
#define RENAMEAT2_CALL 316
#define call_number(regs) ((__u32)(regs)->orig_ax)
#define call_arg0(regs) ((regs)->di)
#define call_arg1(regs) ((regs)->si)
#define call_arg2(regs) ((regs)->dx)
#define call_arg3(regs) ((regs)->r10)
#define call_arg4(regs) ((regs)->r8)
#define call_arg5(regs) ((regs)->r9)
#elif defined(__TARGET_ARCH_arm64)
#define OPENAT_CALL 56
#define UTIMENSAT_CALL 88
#define CLOSE_CALL 57
#define WRITE_CALL 64
#define PWRITE_CALL 68
#define OPENAT2_CALL 437
#define MKNODAT_CALL 33
#define MKDIRAT_CALL 34
#define UNLINKAT_CALL 35
#define SYMLINKAT_CALL 36
#define LINKAT_CALL 37
#define RENAMEAT2_CALL 276
#define call_number(regs) ((__u32)(regs)->syscallno)
#define call_arg0(regs) ((regs)->orig_x0)
#define call_arg1(regs) ((regs)->regs[1])
#define call_arg2(regs) ((regs)->regs[2])
#define call_arg3(regs) ((regs)->regs[3])
#define call_arg4(regs) ((regs)->regs[4])
#define call_arg5(regs) ((regs)->regs[5])
#else
#error "unknown architecture"
#endif

#endif
