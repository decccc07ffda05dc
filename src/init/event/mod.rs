//! What happens, told to event listeners (supervisor's events.py, EventListenerPool, PEventListenerDispatcher).
//!
//! ```text
//! Event -> Pools::notify -> Pool (a buffer) -> Pool::dispatch -> a Listener's stdin
//!                            ^                                          |
//!                            +--------- Pool::heard <- its stdout <-----+
//! ```
//!
//! | part | what it is |
//! | --- | --- |
//! | `kind` | the names of what can happen, and which of them include which |
//! | `payload` | an event and its words |
//! | `pool` | the listeners of an `[eventlistener:x]`, and what waits for them |
//! | `pools` | all of them, and the serials that they share |
//! | `listener` | where a listener stands in the protocol |
//! | `tick` | when TICK_5, TICK_60 and TICK_3600 are due |
//!
//! All of it is pure. Two things differ from supervisor, where nobody can want what it does: an event is buffered once by a pool
//! that subscribed to it by two names (`PROCESS_STATE,EVENT`), and a rejected event goes back to the pool that rejected it alone,
//! not to every pool that has a listener of the same priority.

mod kind;
mod listener;
mod payload;
mod pool;
mod pools;
mod tick;
mod undecodable;

pub use kind::Type;
pub use listener::{Listener, State};
pub use payload::{Change, Channel, Event, Of};
pub use pool::{Offer, Pool};
pub use pools::Pools;
pub use tick::Ticks;
pub use undecodable::text;

use super::config::Level;

/// A line for the main log.
pub type Note = (Level, String);
