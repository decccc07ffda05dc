#![doc = include_str!("README.md")]

pub mod container;
pub mod handoff;
pub mod kernel;
pub mod limit;
pub mod read;
pub mod snapshot;
pub mod sys;
pub mod unit;
pub mod userland;

#[cfg(feature = "host")]
pub mod command;
#[cfg(feature = "init")]
pub mod ini;
#[cfg(feature = "init")]
pub mod init;
#[cfg(feature = "init")]
pub mod initctl;
#[cfg(feature = "init")]
pub mod rpc;
#[cfg(feature = "init")]
pub mod sample;
#[cfg(feature = "tools")]
pub mod tools;
