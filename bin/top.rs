//! `top`

#![no_main]

vat::drop_in!(vat::tools::top::run);
