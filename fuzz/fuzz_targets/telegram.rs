#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| afterhours_fuzz::read("telegram", data));
