//! Use cases on real databases: SQLite always, PostgreSQL when `SLUICE_TEST_POSTGRES_URL` names one.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

mod access;
mod account;
mod admin;
mod apply;
mod audit;
mod command;
mod favorite;
mod fixture;
mod history;
mod home;
mod import;
mod invitation;
mod invitation_organization;
mod key;
mod log;
mod log_keep;
mod log_search;
mod mail;
mod member;
mod organization;
mod search;
mod server;
mod shared;
mod team;
mod template;
mod tenancy;
mod tool;
mod transfer;
mod usage;
