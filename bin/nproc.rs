//! `nproc`

#![no_main]

vat::drop_in!(vat::tools::nproc::run);
