//! The files of /sys (Documentation/ABI/).

pub mod cpu;
