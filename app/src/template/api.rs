//! Server functions of templates.

use domain::{TemplateId, Timestamp, template::Template};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{go, keep, signed_in};
use crate::error::AppError;
#[cfg(feature = "ssr")]
use domain::template::TemplateInput;

#[server(prefix = "/_fn", endpoint = "templates/list", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn list_templates(organization: String) -> Result<(Vec<Template>, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.templates().list(&caller, &organization).await?, services.clock().now()))
}

#[server(prefix = "/_fn", endpoint = "templates/save", output = crate::codec::Json)]
pub async fn save_template(
    organization: String,
    project: String,
    name: String,
    #[server(default)] description: String,
) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    keep([("name", name.as_str()), ("description", description.as_str())]);
    let input = TemplateInput { name, description };
    services.templates().save(&caller, &organization, &project, input).await?;
    go(&format!("/orgs/{organization}/templates"));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "templates/update", output = crate::codec::Json)]
pub async fn update_template(
    organization: String,
    template: TemplateId,
    name: String,
    #[server(default)] description: String,
) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    keep([("name", name.as_str()), ("description", description.as_str())]);
    let input = TemplateInput { name, description };
    services.templates().update(&caller, &organization, template, input).await?;
    go(&format!("/orgs/{organization}/templates"));
    Ok(())
}

#[server(prefix = "/_fn", endpoint = "templates/delete", output = crate::codec::Json)]
pub async fn delete_template(organization: String, template: TemplateId) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    Ok(services.templates().delete(&caller, &organization, template).await?)
}
