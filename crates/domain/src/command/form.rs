//! The form of an approved command as a browser posts it: flat text fields and rows.

use serde::{Deserialize, Serialize};

use super::{CommandInput, CommandVariable, Hole};

/// A row of the form; one with an empty name is a spare.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HoleForm {
    pub name: String,
    pub description: String,
    pub pattern: String,
    /// One value a line.
    pub values: String,
    /// A checkbox: absent when off.
    pub optional: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CommandVariableForm {
    pub name: String,
    pub description: String,
    pub optional: Option<String>,
    pub secret: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CommandForm {
    pub name: String,
    pub description: String,
    pub program: String,
    /// One argument a line.
    pub args: String,
    pub working_directory: String,
    pub holes: Vec<HoleForm>,
    pub variables: Vec<CommandVariableForm>,
}

fn on(checked: bool) -> Option<String> {
    checked.then(|| "on".to_owned())
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

impl CommandForm {
    #[must_use]
    pub fn of(input: &CommandInput) -> Self {
        let hole = |hole: &Hole| HoleForm {
            name: hole.name.clone(),
            description: hole.description.clone(),
            pattern: hole.pattern.clone(),
            values: hole.values.join("\n"),
            optional: on(hole.optional),
        };
        let variable = |variable: &CommandVariable| CommandVariableForm {
            name: variable.name.clone(),
            description: variable.description.clone(),
            optional: on(variable.optional),
            secret: on(variable.secret),
        };
        Self {
            name: input.name.clone(),
            description: input.description.clone(),
            program: input.program.clone(),
            args: input.args.join("\n"),
            working_directory: input.working_directory.clone().unwrap_or_default(),
            holes: input.holes.iter().map(hole).collect(),
            variables: input.variables.iter().map(variable).collect(),
        }
    }

    /// The input that the form stands for, unchecked.
    #[must_use]
    pub fn input(self) -> CommandInput {
        let hole = |row: HoleForm| Hole {
            name: row.name.trim().to_owned(),
            description: row.description.trim().to_owned(),
            pattern: row.pattern.trim().to_owned(),
            values: lines(&row.values),
            optional: row.optional.is_some(),
        };
        let variable = |row: CommandVariableForm| CommandVariable {
            name: row.name.trim().to_owned(),
            description: row.description.trim().to_owned(),
            optional: row.optional.is_some(),
            secret: row.secret.is_some(),
        };
        CommandInput {
            name: self.name,
            description: self.description,
            program: self.program,
            args: lines(&self.args),
            working_directory: Some(self.working_directory).filter(|directory| !directory.trim().is_empty()),
            holes: self.holes.into_iter().filter(|row| !row.name.trim().is_empty()).map(hole).collect(),
            variables: self
                .variables
                .into_iter()
                .filter(|row| !row.name.trim().is_empty())
                .map(variable)
                .collect(),
        }
    }
}
