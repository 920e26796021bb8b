//! The program: HTTP routes, live connections, jobs, mail, the command line.
//!
//! # Layout
//!
//! - [`doors`]: every route there is, as data: the router is built from it, and the tests walk it
//! - [`ctx`]: who is asking and what their page needs; [`posted`]: a form that was sent; [`answer`]: what goes back
//! - [`layers`]: headers, nonce, limits, log
//! - [`site`]: the finished files inside the program
//! - [`demo`]: an invented county, for looking around
//! - [`routes`]: handlers, one file per area; [`commands`]: the command line, one file per command
//! - [`live`]: open event streams: how many, and that they end
//! - [`log`]: what is logged, and what never is
//! - [`mail`]: letters by SMTP; [`metrics`]: numbers for whoever watches the program
//! - [`serve`]: listening, and stopping gracefully

pub mod answer;
pub mod bodies;
pub mod commands;
pub mod ctx;
pub mod demo;
pub mod doors;
pub mod layers;
pub mod live;
pub mod log;
pub mod mail;
pub mod metrics;
pub mod posted;
pub mod private;
pub mod routes;
pub mod serve;
pub mod site;

pub use ctx::{App, Ctx};
