//! One fuzz target for all parsers: the first byte of the input selects one, the rest is what it parses.

#![no_main]

mod parsers;

libfuzzer_sys::fuzz_target!(|input: &[u8]| parsers::one(input));
