//! Whether a command that somebody wrote out is an approved one with its holes filled.

use std::collections::{BTreeMap, HashSet};

use domain::command::{ApprovedCommand, Part, fill, parts};
use regex::Regex;

use super::{arguments, pattern};

/// What fills the holes of `command` so that it runs `args`, if that may be; `variables` are those that
/// the server has.
pub(crate) fn fit(
    command: &ApprovedCommand,
    args: &[String],
    variables: &[String],
) -> Option<BTreeMap<String, String>> {
    let known = |name: &String| command.variables.iter().any(|variable| variable.name == *name);
    if !variables.iter().all(known) {
        return None;
    }
    let mut search = Search { command, failed: HashSet::new() };
    let values = search.from(0, args)?;
    // A hole that stands in several places has one value.
    (fill(&command.args, &values) == args && arguments(command, &values, variables).is_ok()).then_some(values)
}

struct Search<'a> {
    command: &'a ApprovedCommand,
    /// Places, by what is left of both sides, from which nothing fits: none is tried twice.
    failed: HashSet<(usize, usize)>,
}

impl Search<'_> {
    /// What fills the arguments of the command from the one at `at` on.
    fn from(&mut self, at: usize, args: &[String]) -> Option<BTreeMap<String, String>> {
        let Some(template) = self.command.args.get(at) else {
            return args.is_empty().then(BTreeMap::new);
        };
        if self.failed.contains(&(at, args.len())) {
            return None;
        }
        let found = self.here(template, at, args).or_else(|| {
            // An argument with a hole that is left empty is left out.
            if self.may_be_left_out(template) { self.from(at + 1, args) } else { None }
        });
        if found.is_none() {
            self.failed.insert((at, args.len()));
        }
        found
    }

    fn here(&mut self, template: &str, at: usize, args: &[String]) -> Option<BTreeMap<String, String>> {
        let (first, rest) = args.split_first()?;
        let own = self.values(template, first)?;
        let mut values = self.from(at + 1, rest)?;
        values.extend(own);
        Some(values)
    }

    fn may_be_left_out(&self, template: &str) -> bool {
        parts(template).into_iter().any(|part| match part {
            Part::Text(_) => false,
            Part::Hole(name) => self.command.holes.iter().any(|hole| hole.name == name && hole.optional),
        })
    }

    /// What fills one argument.
    fn values(&self, template: &str, argument: &str) -> Option<BTreeMap<String, String>> {
        let (mut source, mut names) = (String::from(r"(?s)\A"), Vec::new());
        for part in parts(template) {
            match part {
                Part::Text(text) => source.push_str(&regex::escape(text)),
                Part::Hole(name) => {
                    source.push_str("(.+?)");
                    names.push(name);
                }
            }
        }
        source.push_str(r"\z");
        let captures = Regex::new(&source).ok()?.captures(argument)?;
        let values = names.into_iter().zip(captures.iter().skip(1));
        values
            .map(|(name, found)| {
                let value = found?.as_str();
                let hole = self.command.holes.iter().find(|hole| hole.name == name)?;
                hole.allows(value, pattern::matches).ok()?;
                Some((name.to_owned(), value.to_owned()))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        CommandId,
        command::{CommandVariable, Hole},
    };

    use super::*;

    fn command(args: &[&str], holes: &[(&str, bool)]) -> ApprovedCommand {
        let now = chrono::DateTime::UNIX_EPOCH;
        let holes = holes.iter().map(|(name, optional)| Hole {
            name: (*name).into(),
            optional: *optional,
            ..Hole::default()
        });
        ApprovedCommand {
            id: CommandId::new(1, [1; 10]),
            name: "files".into(),
            description: String::new(),
            program: "npx".into(),
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            working_directory: None,
            holes: holes.collect(),
            variables: vec![
                CommandVariable { name: "TOKEN".into(), ..CommandVariable::default() },
                CommandVariable { name: "REGION".into(), optional: true, ..CommandVariable::default() },
            ],
            withdrawn: false,
            created_at: now,
            updated_at: now,
        }
    }

    fn fits(command: &ApprovedCommand, args: &[&str]) -> Option<Vec<(String, String)>> {
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        fit(command, &args, &["TOKEN".to_owned()]).map(|values| values.into_iter().collect())
    }

    #[test]
    fn a_written_command_is_an_approved_one_with_its_holes_filled() {
        let files = command(&["-y", "files", "--root={root}", "{mode}"], &[("root", false), ("mode", true)]);
        let root = ("root".to_owned(), "/srv".to_owned());
        assert_eq!(fits(&files, &["-y", "files", "--root=/srv"]), Some(vec![root.clone()]));
        let mode = ("mode".to_owned(), "fast".to_owned());
        assert_eq!(fits(&files, &["-y", "files", "--root=/srv", "fast"]), Some(vec![mode, root]));
        for other in [
            &["-y", "files"][..],
            &["-y", "other", "--root=/srv"],
            &["-y", "files", "--root="],
            &["-y", "files", "--root=/srv/../etc"],
            &["-y", "files", "--root=/srv", "--danger"],
            &["-y", "files", "--root=/srv", "fast", "more"],
        ] {
            assert_eq!(fits(&files, other), None, "{other:?}");
        }
        let twice = command(&["{a}", "--again={a}"], &[("a", false)]);
        assert!(fits(&twice, &["x", "--again=x"]).is_some());
        assert_eq!(fits(&twice, &["x", "--again=y"]), None);
    }

    #[test]
    fn variables_are_those_of_the_command() {
        let plain = command(&["files"], &[]);
        let args = ["files".to_owned()];
        let with = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            fit(&plain, &args, &names).is_some()
        };
        assert!(with(&["TOKEN"]) && with(&["TOKEN", "REGION"]));
        assert!(!with(&["REGION"]), "one that it needs is missing");
        assert!(!with(&["TOKEN", "LD_PRELOAD"]), "one that steers it is not approved");
    }

    #[test]
    fn many_ways_to_leave_something_out_are_not_tried_one_by_one() {
        let names: Vec<String> = (0..20).map(|n| format!("h{n}")).collect();
        let args: Vec<String> =
            names.iter().map(|name| format!("{{{name}}}")).chain(["end".into()]).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let holes: Vec<(&str, bool)> = names.iter().map(|name| (name.as_str(), true)).collect();
        let command = command(&args, &holes);
        assert_eq!(fits(&command, &["x"; 12]), None);
        assert!(fits(&command, &["x", "x", "end"]).is_some());
    }
}
