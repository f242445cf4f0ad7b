//! One's password: changed by whoever knows it, or set for the first time after a link.

use leptos::prelude::*;

use super::api::{ChangePassword, SetFirstPassword};
use crate::{
    i18n::{Accounts, text},
    ui::{Callout, Card, Failure, FormError, Submit, TextField, Tone, failure},
};

#[component]
pub fn ChangeForm(action: ServerAction<ChangePassword>) -> impl IntoView {
    let t = text();
    let changed = failure(action);
    let done = move || action.value().with(|value| matches!(value, Some(Ok(()))));
    view! {
        <Card title=t.change_password lead=t.change_password_lead>
            <FormError failure=changed />
            <div class="contents" aria-live="polite">{move || done().then(|| view! { <Callout tone=Tone::Ok title=t.saved /> })}</div>
            <ActionForm action=action>
                <div class="flex flex-col gap-4 max-w-[400px]">
                    <TextField
                        failure=changed
                        name="current"
                        label=t.current_password
                        kind="password"
                        autocomplete="current-password"
                        required=true
                    />
                    {new_password(changed)}
                    <div>
                        <Submit label=t.change_password pending=changed.pending />
                    </div>
                </div>
            </ActionForm>
        </Card>
    }
}

#[component]
pub fn FirstForm(action: ServerAction<SetFirstPassword>, stale: bool) -> impl IntoView {
    let words = Accounts::current();
    let set = failure(action);
    if stale {
        return view! {
            <Card title=words.set_password lead=words.no_password>
                <FormError failure=set />
                <p class="max-w-[560px]">{words.stale}</p>
            </Card>
        }
        .into_any();
    }
    view! {
        <Card title=words.set_password lead=words.no_password>
            <FormError failure=set />
            <ActionForm action=action>
                <div class="flex flex-col gap-4 max-w-[400px]">
                    {new_password(set)}
                    <div>
                        <Submit label=words.set_password pending=set.pending />
                    </div>
                </div>
            </ActionForm>
        </Card>
    }
    .into_any()
}

/// The field that password managers fill with one that they make.
fn new_password(failure: Failure) -> impl IntoView {
    let t = text();
    view! {
        <TextField
            failure=failure
            name="new"
            label=t.new_password
            hint=t.password_hint
            kind="password"
            autocomplete="new-password"
            required=true
        />
    }
}
