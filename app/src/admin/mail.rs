//! Whether mail works: the way to see it.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::api::SendTestMail;
use crate::{
    i18n::{Admin, text},
    ui::{Callout, Card, FormError, Submit, TextField, Tone, failure},
};

/// `on` is whether a mail server is set up; `own` is the reader's address.
#[component]
pub fn MailCard(on: bool, own: String) -> impl IntoView {
    let (t, words) = (text(), Admin::current());
    if !on {
        return view! { <Card title=words.mail><p class="text-ink-muted">{words.mail_off}</p></Card> }
            .into_any();
    }
    let send = ServerAction::<SendTestMail>::new();
    let failed = failure(send);
    let told = use_query_map().with_untracked(|query| query.get("mailed"));
    view! {
        <Card title=words.mail lead=words.mail_lead>
            <div class="contents" aria-live="polite">
                {move || {
                    let done = match send.value().get() {
                        Some(sent) => sent.ok(),
                        None => told.clone(),
                    };
                    done.map(|to| view! {
                        <div class="mb-3">
                            <Callout tone=Tone::Ok title=t.with(words.mail_taken, &to)>
                                <p>{words.mail_taken_next}</p>
                            </Callout>
                        </div>
                    })
                }}
            </div>
            <FormError failure=failed />
            <ActionForm action=send>
                <div class="grid gap-3 md:grid-cols-[1fr_auto] items-start max-w-[560px]">
                    <TextField failure=failed name="email" label=t.email kind="email" value=own required=true />
                    <div class="md:pt-6">
                        <Submit label=words.mail_test pending=failed.pending />
                    </div>
                </div>
            </ActionForm>
        </Card>
    }
    .into_any()
}
