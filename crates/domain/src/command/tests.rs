use super::*;

fn filled(args: &[&str], values: &[(&str, &str)]) -> Vec<String> {
    let args: Vec<String> = args.iter().map(|argument| (*argument).to_owned()).collect();
    fill(&args, &values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

#[test]
fn a_hole_never_becomes_more_than_its_argument() {
    let args = ["-y", "server", "--root={path}", "{mode}", "{\"a\":{}}", "{path}/{mode}"];
    assert_eq!(
        filled(&args, &[("path", "/a b; rm -rf {mode}"), ("mode", "{path}")]),
        ["-y", "server", "--root=/a b; rm -rf {mode}", "{path}", "{\"a\":{}}", "/a b; rm -rf {mode}/{path}"],
        "neither is a value split, nor are holes in it filled"
    );
    assert_eq!(filled(&args, &[("path", "/a")]), ["-y", "server", "--root=/a", "{\"a\":{}}"]);
}

#[test]
fn values_are_neither_options_nor_ways_out() {
    let hole = |pattern: &str, values: &[&str]| Hole {
        name: "path".into(),
        pattern: pattern.into(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        ..Hole::default()
    };
    let free = hole("", &[]);
    let any = |_: &str, _: &str| true;
    for bad in ["-rf", "--eval=1", "a\0b", "a\nb", "..", "/srv/../etc", "a\\..\\b", &"x".repeat(1_001)] {
        assert_eq!(free.allows(bad, any), Err(Code::HoleInvalid), "{bad:?}");
        assert_eq!(hole(".*", &[]).allows(bad, any), Err(Code::HoleInvalid), "{bad:?} by a wide pattern");
    }
    for good in ["/srv/data", "a-b", "..a", "한글"] {
        assert_eq!(free.allows(good, any), Ok(()), "{good}");
    }
    assert_eq!(free.allows("", any), Err(Code::Required));
    assert_eq!(Hole { optional: true, ..free.clone() }.allows("", any), Ok(()));
    assert_eq!(hole("-[a-z]", &[]).allows("-v", any), Ok(()), "a pattern may allow options");
    assert_eq!(hole("/srv/.*", &[]).allows("/etc", |_, _| false), Err(Code::HoleInvalid));
    let listed = hole("", &["fast", "--slow"]);
    assert_eq!(listed.allows("--slow", any), Ok(()), "an admin's own words");
    assert_eq!(listed.allows("slow", any), Err(Code::HoleInvalid));
}

#[test]
fn holes_and_their_descriptions_belong_together() {
    let input = CommandInput {
        name: "files".into(),
        program: "npx".into(),
        args: vec!["{path}".into(), "{mode}".into()],
        holes: vec![
            Hole { name: "path".into(), ..Hole::default() },
            Hole { name: "path".into(), ..Hole::default() },
            Hole { name: "other".into(), ..Hole::default() },
        ],
        variables: vec![
            CommandVariable { name: "TOKEN".into(), ..CommandVariable::default() },
            CommandVariable { name: "LD_PRELOAD".into(), ..CommandVariable::default() },
        ],
        ..CommandInput::default()
    };
    let error = input.clone().check().expect_err("a bad command");
    let faults: Vec<&str> = error.field_errors().iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(faults, ["args", "holes[1].name", "holes[2].name", "variables[1].name"]);
    for program in ["", "sh -c", "./run", "{program}"] {
        let input = CommandInput { program: program.into(), ..CommandInput::default() };
        let error = input.check().expect_err("a bad program");
        assert!(error.field_errors().iter().any(|fault| fault.field == "program"), "{program}");
    }
}

#[test]
fn a_form_of_a_command_stands_for_it() {
    let input = CommandInput {
        name: "files".into(),
        description: "Reads.".into(),
        program: "npx".into(),
        args: vec!["-y".into(), "{path}".into()],
        working_directory: Some("/srv".into()),
        holes: vec![Hole {
            name: "path".into(),
            description: "Where.".into(),
            pattern: String::new(),
            values: vec!["/a".into(), "/b c".into()],
            optional: true,
        }],
        variables: vec![CommandVariable { name: "TOKEN".into(), secret: true, ..CommandVariable::default() }],
    };
    assert_eq!(CommandForm::of(&input).input(), input);
}
