//! `df`

#![no_main]

vat::drop_in!(vat::tools::df::run);
