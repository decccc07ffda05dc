//! `uptime`

#![no_main]

vat::drop_in!(vat::tools::uptime::run);
