//! What several tests need.

pub mod captured;
pub mod docker;
pub mod supervised;
pub mod tool;
