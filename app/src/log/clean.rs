//! How long entries are kept, and how to delete them sooner.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::signed_in;
use crate::{
    error::AppError,
    i18n::{Log as Texts, group, text},
    ui::{DANGER_CLASS, Danger, FormError, SelectField, Submit, TEXT_LINK_CLASS, failure},
};

/// Days that choices of the form leave; none of them: all entries.
const CHOICES: [&str; 4] = ["30", "7", "1", ""];

/// Deletes entries older than so many days; empty text: all.
#[server(prefix = "/_fn", endpoint = "logs/clear", output = crate::codec::Json)]
pub async fn clear_logs(project: String, #[server(default)] older_than: String) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    let before = match older_than.trim() {
        "" => None,
        days => {
            let days: u32 =
                days.parse().map_err(|_| domain::Error::field("older_than", domain::Code::NumberInvalid))?;
            Some(services.clock().now() - chrono::TimeDelta::days(days.into()))
        }
    };
    services.logs().clear(&caller, &project, before).await?;
    Ok(())
}

#[component]
pub fn Retention(project: String, days: u32) -> impl IntoView {
    let (t, words) = (text(), Texts::current());
    let clear = ServerAction::<ClearLogs>::new();
    let failed = failure(clear);
    let settings = format!("/projects/{project}/settings");
    let labels = [words.older_30, words.older_7, words.older_1, words.older_all];
    let choices =
        CHOICES.iter().zip(labels).map(|(value, label)| ((*value).to_owned(), label.to_owned())).collect();
    view! {
        <section class="mt-8 flex flex-col gap-3">
            <h2 class="font-semibold">{words.retention}</h2>
            <p class="text-ink-muted">
                {t.with(words.retention_body, &group(days.into()))} " "
                <a class=TEXT_LINK_CLASS href=settings>{words.retention_change}</a>
            </p>
            <Danger label=words.clean failure=failed>
                <p>{words.clean_lead}</p>
                <ActionForm action=clear>
                    <div class="flex flex-col gap-3">
                        <input type="hidden" name="project" value=project />
                        <SelectField failure=failed name="older_than" label=words.older_than options=choices value="30" />
                        <div>
                            <Submit label=words.clean_now pending=failed.pending class=DANGER_CLASS />
                        </div>
                    </div>
                </ActionForm>
                <FormError failure=failed />
            </Danger>
        </section>
    }
}
