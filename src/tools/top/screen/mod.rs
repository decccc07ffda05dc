//! The screen, as far as it needs no terminal: bytes typed become keys, a page becomes the bytes that change what is seen into it.

mod draw;
mod keys;
mod kind;

pub(crate) use draw::Screen;
pub(crate) use keys::Keys;
pub(crate) use kind::Kind;
