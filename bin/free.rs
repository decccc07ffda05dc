//! `free`

#![no_main]

vat::drop_in!(vat::tools::free::run);
