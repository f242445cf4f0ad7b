//! Approved commands where servers are made: to choose one, and to fill what it leaves open.

use domain::{
    command::{ApprovedCommand, Hole},
    server::ServerForm,
};
use leptos::prelude::*;

use crate::{
    admin::command::line,
    i18n::{Commands, text},
    ui::{Card, CheckField, CodeBlock, Failure, LinkButton, SelectField, TextField, encode},
};

/// What administrators approved, each with the way to its form.
#[component]
pub fn Choices(commands: Vec<ApprovedCommand>) -> impl IntoView {
    let (t, words) = (text(), Commands::current());
    if commands.is_empty() {
        return ().into_any();
    }
    let rows = commands.into_iter().map(|command| {
        let href = format!("?command={}", encode(&command.name));
        let label = t.with(words.choose, &command.name);
        let line = line(&command);
        view! {
            <li class="flex items-center gap-3 py-2 border-b border-line last:border-b-0 flex-wrap">
                <div class="grow min-w-0">
                    <p class="font-medium">{command.name}</p>
                    <p class="text-ink-muted text-xs break-words empty:hidden">{command.description}</p>
                    <code class="break-all text-xs text-ink-muted">{line}</code>
                </div>
                <LinkButton href=href>{label}</LinkButton>
            </li>
        }
    });
    view! {
        <div class="max-w-[680px]">
            <Card title=words.commands lead=words.choose_lead>
                <ul>{rows.collect_view()}</ul>
            </Card>
        </div>
    }
    .into_any()
}

/// In place of the fields of a server that one describes oneself.
#[component]
pub fn Filling(
    failure: Failure,
    command: ApprovedCommand,
    form: ServerForm,
    stored: Vec<String>,
) -> impl IntoView {
    let (t, words) = (text(), Commands::current());
    let line = line(&command);
    let holes = command
        .holes
        .into_iter()
        .map(|hole| field(failure, form.values.get(&hole.name).cloned().unwrap_or_default(), hole))
        .collect_view();
    let variables = command.variables.into_iter().enumerate().map(|(i, variable)| {
        let name = format!("env[{i}]");
        let kept = stored.contains(&variable.name);
        let posted = form.env.iter().find(|row| row.name == variable.name);
        let ticked = posted.is_some_and(|row| row.clear.is_some());
        let clear = (variable.optional && kept).then(|| {
            let label = t.with(words.clear, &variable.name);
            view! { <CheckField failure=failure name=format!("{name}.clear") label=label checked=ticked /> }
        });
        let value = posted.map(|row| row.value.expose_secret().to_owned()).unwrap_or_default();
        view! {
            <input type="hidden" name=failure.name(&format!("{name}.name")) value=variable.name.clone() />
            <TextField
                failure=failure
                name=format!("{name}.value")
                label=variable.name
                hint=variable.description
                value=value
                kind=if variable.secret { "password" } else { "text" }
                autocomplete=if variable.secret { "new-password" } else { "off" }
                placeholder=if kept { t.value_stored } else { "" }
                required=!variable.optional && !kept
            />
            {clear}
        }
    });
    view! {
        <input type="hidden" name=failure.name("transport") value="stdio" />
        <input type="hidden" name=failure.name("approved_command") value=command.name.clone() />
        <div class="flex flex-col gap-2">
            <p class="font-medium">{words.of} ": " {command.name}</p>
            <p class="text-ink-muted text-xs">{words.of_lead}</p>
            <CodeBlock code=line label=t.command />
        </div>
        {holes}
        {variables.collect_view()}
    }
}

fn field(failure: Failure, value: String, hole: Hole) -> AnyView {
    let name = format!("values.{}", hole.name);
    if hole.values.is_empty() {
        return view! {
            <TextField
                failure=failure
                name=name
                label=hole.name
                hint=hole.description
                value=value
                placeholder=hole.pattern
                required=!hole.optional
            />
        }
        .into_any();
    }
    let none = hole.optional || !hole.values.contains(&value);
    let none = none.then(|| (String::new(), Commands::current().choose_value.to_owned()));
    let options =
        none.into_iter().chain(hole.values.into_iter().map(|value| (value.clone(), value))).collect();
    view! {
        <SelectField failure=failure name=name label=hole.name hint=hole.description value=value options=options />
    }
    .into_any()
}
