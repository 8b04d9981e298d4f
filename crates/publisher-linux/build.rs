// SPDX-License-Identifier: Apache-2.0
//! Compiles the BPF programs with clang. Needs no kernel headers and no vmlinux.h: the
//! types are ours (bpf/types.h), the helpers come with libbpf-sys.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// One object each: its maps exist only while it is loaded.
const OBJECTS: [&str; 10] = [
    "process", "snapshot", "dispatch", "file", "call", "function", "socket", "packet", "misc",
    "empty",
];
/// The oldest that the objects are tested with.
const CLANG_MAJOR_MIN: u32 = 14;

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=bpf");
    println!("cargo:rerun-if-env-changed=CLANG");
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            println!("cargo::error={reason}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    let out = path_of("OUT_DIR")?;
    let include = path_of("DEP_BPF_INCLUDE")?;
    let clang = env::var_os("CLANG").unwrap_or_else(|| OsString::from("clang"));
    check_clang(&clang)?;
    for name in OBJECTS {
        let object = out.join(format!("{name}.bpf.o"));
        compile(&clang, &include, name, &object)?;
        strip(&object);
    }
    Ok(())
}

/// The kernel's word for the machine that the programs run on.
fn architecture() -> Result<&'static str, String> {
    match env::var("CARGO_CFG_TARGET_ARCH").as_deref() {
        Ok("x86_64") => Ok("x86"),
        Ok("aarch64") => Ok("arm64"),
        other => Err(format!("no BPF programs for {other:?}: x86_64 and aarch64 are known")),
    }
}

fn path_of(variable: &str) -> Result<PathBuf, String> {
    env::var_os(variable).map(PathBuf::from).ok_or_else(|| format!("cargo did not set {variable}"))
}

fn check_clang(clang: &OsString) -> Result<(), String> {
    let output = Command::new(clang).arg("--version").output().map_err(|error| {
        format!(
            "clang ({}) cannot be run: {error}. It compiles the BPF programs; \
             install it with `apt-get install clang llvm` or name it in $CLANG",
            clang.to_string_lossy()
        )
    })?;
    let text = String::from_utf8_lossy(&output.stdout);
    let major = text
        .split("version ")
        .nth(1)
        .and_then(|rest| rest.split('.').next())
        .and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major < CLANG_MAJOR_MIN => Err(format!(
            "clang {major} is too old: {CLANG_MAJOR_MIN} or later is needed (`apt-get install clang`)"
        )),
        _ => Ok(()),
    }
}

fn compile(clang: &OsString, include: &Path, name: &str, object: &Path) -> Result<(), String> {
    let source = Path::new("bpf").join(format!("{name}.bpf.c"));
    // v3: 32-bit registers and jumps, which kernels know since 5.1; v4 would need 6.6.
    let output = Command::new(clang)
        .args(["-target", "bpf", "-mcpu=v3", "-O2", "-g", "-Wall", "-Wextra", "-Werror"])
        // 5.10 and 6.1 take a loop only when a jump leads back to its head. Without this, clang may
        // put the end of a loop's body right before the head, and fall into it.
        .args(["-mllvm", "-disable-block-placement"])
        .arg(format!("-D__TARGET_ARCH_{}", architecture()?))
        .arg("-fdebug-prefix-map=bpf=/evtables")
        .arg("-I")
        .arg(include)
        .arg("-c")
        .arg(&source)
        .arg("-o")
        .arg(object)
        .output()
        .map_err(|error| format!("clang did not start for {name}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    Err(format!("clang refused bpf/{name}.bpf.c"))
}

/// Drops DWARF (the BTF stays). Only makes the binary smaller, so its absence is no error.
fn strip(object: &Path) {
    let done = Command::new("llvm-strip").arg("-g").arg(object).status();
    if !done.is_ok_and(|status| status.success()) {
        println!(
            "cargo::warning=llvm-strip is missing (`apt-get install llvm`): larger BPF objects"
        );
    }
}
