//! What several tests need.

pub mod captured;
