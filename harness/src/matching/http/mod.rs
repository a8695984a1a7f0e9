//! HTTP messages: whether a response or a request is whole, and whether it is what
//! was expected. What is wrong comes as a fault, so that the judge can say why.

mod body;
mod charset;
mod fault;
mod lines;
mod request;
mod response;
#[cfg(test)]
mod tests;

pub(crate) use fault::{HttpFault, Known};
pub(crate) use request::read_request;
pub(super) use request::request;
pub(crate) use response::read_response;
pub(super) use response::response;
