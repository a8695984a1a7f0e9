//! The relay: programs that play together live in networks of their own, and the harness is
//! the wire between them. Who connects is answered in its own network; the harness connects
//! on, in the network of the one who serves, from the same address and port.

mod pace;
mod record;
mod route;
mod wire;

pub(crate) use record::Streams;
pub(crate) use route::Route;
pub(crate) use wire::Wire;
