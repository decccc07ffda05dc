//! A program that does nothing: what a static Rust program costs before it begins.

fn main() {}
