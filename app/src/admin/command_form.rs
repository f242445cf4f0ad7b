//! The form of an approved command.

use domain::command::{CommandForm, CommandVariableForm, HoleForm};
use leptos::prelude::*;

use super::command_api::SaveCommand;
use crate::{
    error::AppError,
    i18n::{Commands, text},
    ui::{CheckField, Failure, FormError, LinkButton, Submit, TextArea, TextField, failure_or},
};

/// Rows for more than there are.
const SPARE: usize = 2;
const GROUP_CLASS: &str = "grid gap-3 md:grid-cols-2";

/// `command` is the one to change; empty: a new one. `told` is what was wrong, where WASM did not keep it.
#[component]
pub fn CommandFields(
    #[prop(into)] command: String,
    form: CommandForm,
    told: Option<AppError>,
) -> impl IntoView {
    let (t, words) = (text(), Commands::current());
    let action = ServerAction::<SaveCommand>::new();
    let failure = failure_or(action, told).within("form");
    let save = if command.is_empty() { words.new } else { t.save };
    let holes = (0..form.holes.len() + SPARE)
        .map(|i| hole(failure, i, form.holes.get(i).cloned().unwrap_or_default()))
        .collect_view();
    let variables = (0..form.variables.len() + SPARE)
        .map(|i| variable(failure, i, form.variables.get(i).cloned().unwrap_or_default()))
        .collect_view();
    view! {
        <ActionForm action=action>
            <div class="flex flex-col gap-4 max-w-[760px]">
                <FormError failure=failure />
                <input type="hidden" name="command" value=command />
                <TextField failure=failure name="name" label=t.name value=form.name hint=t.server_name_hint required=true />
                <TextField failure=failure name="description" label=t.description value=form.description />
                <TextField
                    failure=failure
                    name="program"
                    label=words.program
                    value=form.program
                    hint=words.program_hint
                    placeholder="npx"
                    required=true
                />
                <TextArea
                    failure=failure
                    name="args"
                    label=t.args
                    value=form.args
                    hint=words.args_hint
                    placeholder="-y\n@modelcontextprotocol/server-filesystem\n{path}"
                    rows=5
                />
                <TextField
                    failure=failure
                    name="working_directory"
                    label=t.working_directory
                    value=form.working_directory
                    hint=t.working_directory_hint
                />
                <fieldset class="flex flex-col gap-2" id=failure.id("holes")>
                    <legend class="font-medium">{words.holes}</legend>
                    <p class="text-ink-muted text-xs">{words.holes_hint}</p>
                    {holes}
                </fieldset>
                <fieldset class="flex flex-col gap-2" id=failure.id("variables")>
                    <legend class="font-medium">{words.variables}</legend>
                    <p class="text-ink-muted text-xs">{words.variables_hint}</p>
                    {variables}
                </fieldset>
                <div class="flex gap-2 flex-wrap">
                    <Submit label=save pending=failure.pending />
                    <LinkButton href="/admin/commands">{t.cancel}</LinkButton>
                </div>
            </div>
        </ActionForm>
    }
}

fn hole(failure: Failure, i: usize, row: HoleForm) -> AnyView {
    let (t, words) = (text(), Commands::current());
    let (n, name) = ((i + 1).to_string(), |field: &str| format!("holes[{i}].{field}"));
    let of = t.with(words.of_hole, &n);
    view! {
        <fieldset class="p-3 border border-line rounded-md">
            <legend class="px-1 text-ink-muted text-xs">{t.with(words.hole, &n)}</legend>
            <div class=GROUP_CLASS>
                <TextField failure=failure name=name("name") label=words.hole_name of=of.clone() value=row.name />
                <TextField failure=failure name=name("description") label=words.says of=of.clone() value=row.description />
                <TextField
                    failure=failure
                    name=name("pattern")
                    label=words.pattern
                    of=of.clone()
                    value=row.pattern
                    placeholder="/srv/[a-z]+"
                />
                <TextArea failure=failure name=name("values") label=words.values of=of.clone() value=row.values rows=2 />
                <CheckField failure=failure name=name("optional") label=words.optional of=of checked=row.optional.is_some() />
            </div>
        </fieldset>
    }
    .into_any()
}

fn variable(failure: Failure, i: usize, row: CommandVariableForm) -> AnyView {
    let (t, words) = (text(), Commands::current());
    let (n, name) = ((i + 1).to_string(), |field: &str| format!("variables[{i}].{field}"));
    let of = t.with(words.of_variable, &n);
    view! {
        <fieldset class="p-3 border border-line rounded-md">
            <legend class="px-1 text-ink-muted text-xs">{t.with(words.variable, &n)}</legend>
            <div class=GROUP_CLASS>
                <TextField
                    failure=failure
                    name=name("name")
                    label=words.hole_name
                    of=of.clone()
                    value=row.name
                    placeholder="API_TOKEN"
                />
                <TextField failure=failure name=name("description") label=words.says of=of.clone() value=row.description />
                <CheckField failure=failure name=name("secret") label=words.secret of=of.clone() checked=row.secret.is_some() />
                <CheckField failure=failure name=name("optional") label=words.optional of=of checked=row.optional.is_some() />
            </div>
        </fieldset>
    }
    .into_any()
}
