//! Commands that platform admins approve for the servers of projects: a program and its arguments with
//! named holes, which members fill. A hole is a whole argument or a part of one; there is no shell.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Code, CommandId, Result, error::Checks, name, server::env_name};

pub use form::{CommandForm, CommandVariableForm, HoleForm};

mod form;

/// Holes and variables of a command at most.
pub const HOLES_MAX: usize = 20;
/// Characters of a value for a hole at most.
pub const VALUE_MAX: usize = 1_000;

/// A place in the arguments that whoever adds a server fills, `{name}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Hole {
    /// Lower-case letters, digits and underscores.
    pub name: String,
    #[serde(default)]
    pub description: String,
    /// A regular expression that the whole value must match. One that begins with `-` allows values that do.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pattern: String,
    /// The values to choose from; none: whatever the pattern allows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// Left empty, the argument that it stands in is left out.
    #[serde(default)]
    pub optional: bool,
}

/// An environment variable that whoever adds a server gives. Other variables may not be set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CommandVariable {
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub optional: bool,
    /// Whether it is hidden while it is typed. No value is ever shown again.
    #[serde(default)]
    pub secret: bool,
}

/// What a platform admin approves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CommandInput {
    pub name: String,
    #[serde(default)]
    pub description: String,
    /// The program, or its absolute path.
    pub program: String,
    #[serde(default)]
    pub args: Vec<String>,
    #[serde(default)]
    pub working_directory: Option<String>,
    #[serde(default)]
    pub holes: Vec<Hole>,
    #[serde(default)]
    pub variables: Vec<CommandVariable>,
}

/// An approved command as everybody who may use it sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApprovedCommand {
    pub id: CommandId,
    pub name: String,
    pub description: String,
    pub program: String,
    pub args: Vec<String>,
    pub working_directory: Option<String>,
    pub holes: Vec<Hole>,
    pub variables: Vec<CommandVariable>,
    /// Nobody may use it any more, and its servers are stopped.
    pub withdrawn: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// An approved command with where it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommandDetail {
    pub command: ApprovedCommand,
    /// `org.project/server`, in the order of their names.
    pub servers: Vec<String>,
}

/// Of which approved command a server is, and what fills its holes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CommandUse {
    pub name: String,
    pub values: BTreeMap<String, String>,
    /// Why the server cannot run: the command was withdrawn, or what fills its holes does not fit any more.
    pub problem: Option<Code>,
}

/// An argument in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    Text(&'a str),
    Hole(&'a str),
}

/// Braces around something that is no name of a hole, such as those of JSON, are text.
#[must_use]
pub fn parts(argument: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut text, mut at) = (0, 0);
    while let Some(open) = argument[at..].find('{').map(|i| at + i) {
        let Some(close) = argument[open..].find('}').map(|i| open + i) else { break };
        let name = &argument[open + 1..close];
        if is_hole_name(name) {
            if text < open {
                parts.push(Part::Text(&argument[text..open]));
            }
            parts.push(Part::Hole(name));
            (text, at) = (close + 1, close + 1);
        } else {
            at = open + 1;
        }
    }
    if text < argument.len() || parts.is_empty() {
        parts.push(Part::Text(&argument[text..]));
    }
    parts
}

fn is_hole_name(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && text.starts_with(|c: char| c.is_ascii_lowercase())
}

impl CommandInput {
    /// Trims, then checks every field but the patterns, which the server compiles.
    pub fn check(mut self) -> Result<Self> {
        self.name = self.name.trim().to_owned();
        self.description = self.description.trim().to_owned();
        self.program = self.program.trim().to_owned();
        self.working_directory =
            self.working_directory.map(|w| w.trim().to_owned()).filter(|w| !w.is_empty());
        let mut checks = Checks::default();
        checks.check("name", name::server(&self.name));
        checks.check("description", name::description(&self.description));
        self.check_program(&mut checks);
        self.check_holes(&mut checks);
        checks.require(self.variables.len() <= HOLES_MAX, "variables", Code::TooLong);
        for (i, variable) in self.variables.iter().enumerate() {
            let twice = self.variables[..i].iter().any(|v| v.name.eq_ignore_ascii_case(&variable.name));
            let result = if twice { Err(Code::VariableNameInvalid) } else { env_name(&variable.name) };
            checks.check(&format!("variables[{i}].name"), result);
        }
        checks.finish()?;
        Ok(self)
    }

    fn check_program(&self, checks: &mut Checks) {
        let program = &self.program;
        let odd = program.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '{' | '}'));
        let relative = program.contains('/') && !program.starts_with('/');
        if program.is_empty() {
            checks.fail("program", Code::Required, "");
        } else if odd || relative {
            checks.fail("program", Code::CommandInvalid, "");
        }
        let clean = |text: &String| !text.contains('\0');
        checks.require(self.args.iter().all(clean), "args", Code::VariableValueInvalid);
        checks.require(self.args.len() <= 100, "args", Code::TooLong);
        if let Some(directory) = &self.working_directory {
            let fits = directory.starts_with('/') && clean(directory);
            checks.require(fits, "working_directory", Code::CommandInvalid);
        }
    }

    /// Each hole of the arguments is described once, and nothing else is.
    fn check_holes(&self, checks: &mut Checks) {
        checks.require(self.holes.len() <= HOLES_MAX, "holes", Code::TooLong);
        let used: Vec<&str> = self
            .args
            .iter()
            .flat_map(|argument| parts(argument))
            .filter_map(|part| if let Part::Hole(name) = part { Some(name) } else { None })
            .collect();
        for name in &used {
            if !self.holes.iter().any(|hole| hole.name == *name) {
                checks.fail("args", Code::HoleUnknown, format!("It is `{name}`."));
            }
        }
        for (i, hole) in self.holes.iter().enumerate() {
            let twice = self.holes[..i].iter().any(|other| other.name == hole.name);
            let fits = is_hole_name(&hole.name) && !twice && used.contains(&hole.name.as_str());
            checks.require(fits, &format!("holes[{i}].name"), Code::HoleUnknown);
            checks.check(&format!("holes[{i}].description"), name::description(&hole.description));
            let long = hole.pattern.len() > VALUE_MAX || hole.values.len() > 100;
            checks.require(!long, &format!("holes[{i}].values"), Code::TooLong);
            let plain = |value: &String| !value.is_empty() && clean(value);
            checks.require(hole.values.iter().all(plain), &format!("holes[{i}].values"), Code::HoleInvalid);
        }
    }
}

/// Whether a value may stand in an argument of any program.
fn clean(value: &str) -> bool {
    value.chars().count() <= VALUE_MAX && !value.chars().any(char::is_control)
}

impl Hole {
    /// Whether a value may stand in it; `matches` is asked whether the pattern matches the whole value.
    /// Chosen from a list an admin's own words are taken as they are; otherwise a value may neither be
    /// taken for an option nor lead out of a directory.
    pub fn allows(&self, value: &str, matches: impl Fn(&str, &str) -> bool) -> Result<(), Code> {
        if value.is_empty() {
            return if self.optional { Ok(()) } else { Err(Code::Required) };
        }
        let allowed = if !self.values.is_empty() {
            self.values.iter().any(|allowed| allowed == value)
        } else {
            clean(value)
                && (!value.starts_with('-') || self.pattern.starts_with('-'))
                && !value.split(['/', '\\']).any(|segment| segment == "..")
                && (self.pattern.is_empty() || matches(&self.pattern, value))
        };
        if allowed { Ok(()) } else { Err(Code::HoleInvalid) }
    }
}

/// The arguments with their holes filled. An argument with a hole that was left empty is left out. The
/// values must have been found to be allowed.
#[must_use]
pub fn fill(args: &[String], values: &BTreeMap<String, String>) -> Vec<String> {
    let value = |name: &str| values.get(name).map(String::as_str).unwrap_or_default();
    let filled = |argument: &String| {
        parts(argument)
            .into_iter()
            .map(|part| match part {
                Part::Text(text) => Some(text),
                Part::Hole(name) => Some(value(name)).filter(|value| !value.is_empty()),
            })
            .collect::<Option<String>>()
    };
    args.iter().filter_map(filled).collect()
}

#[cfg(test)]
#[path = "command/tests.rs"]
mod tests;
