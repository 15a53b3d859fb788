//! Packs the relocations of the program, where the machine's C library can unpack them (glibc 2.36, 2022): unpacked they are
//! a megabyte that is read at each start, and stays in memory.

use std::process::Command;

const PACK: &str = "cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let variable = |name| std::env::var(name).unwrap_or_default();
    let for_this_machine = variable("HOST") == variable("TARGET");
    if for_this_machine && variable("CARGO_CFG_TARGET_ENV") == "gnu" && glibc() >= Some((2, 36)) {
        println!("{PACK}");
    }
}

/// As `getconf` tells it: `glibc 2.36`.
fn glibc() -> Option<(u32, u32)> {
    let output = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    let (major, minor) = said.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
