//! Resources and prompts as their server described them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One item of `resources/list`, or a template of `resources/templates/list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferedResource {
    pub name: String,
    /// The title for people, where there is one.
    pub title: Option<String>,
    pub description: String,
    /// Of a template with its variables in braces (RFC 6570).
    pub uri: String,
    pub is_template: bool,
    pub mime_type: Option<String>,
    /// Bytes, as far as the server says.
    pub size: Option<u64>,
}

/// One item of `prompts/list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferedPrompt {
    pub name: String,
    /// The title for people, where there is one.
    pub title: Option<String>,
    pub description: String,
    pub arguments: Vec<PromptArgument>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PromptArgument {
    pub name: String,
    pub title: Option<String>,
    pub description: String,
    pub required: bool,
}

/// Which resources or prompts are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(default)]
pub struct OfferFilter {
    /// Part of a name, a title, a description or an address, in any case.
    pub q: Option<String>,
    /// Counts from 1.
    pub page: Option<u32>,
    /// Items of a page: 100 unless told otherwise, and 500 at most.
    pub limit: Option<u32>,
}

/// One page of a list of which there may be thousands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OffersPage<T> {
    /// Of the server.
    pub total: u64,
    /// That fit the filter.
    pub found: u64,
    pub items: Vec<T>,
    /// The number of the next page; none at the end.
    pub next: Option<u32>,
}

fn text(item: &Value, member: &str) -> Option<String> {
    item.get(member)?.as_str().map(str::to_owned).filter(|text| !text.is_empty())
}

impl OfferedResource {
    /// None of what has no address.
    #[must_use]
    pub fn read(item: &Value) -> Option<Self> {
        let template = text(item, "uriTemplate");
        let is_template = template.is_some();
        let uri = template.or_else(|| text(item, "uri"))?;
        Some(Self {
            name: text(item, "name").unwrap_or_else(|| uri.clone()),
            title: text(item, "title"),
            description: text(item, "description").unwrap_or_default(),
            uri,
            is_template,
            mime_type: text(item, "mimeType"),
            size: item.get("size").and_then(Value::as_u64),
        })
    }
}

impl OfferedPrompt {
    /// None of what has no name.
    #[must_use]
    pub fn read(item: &Value) -> Option<Self> {
        let arguments = item.get("arguments").and_then(Value::as_array).into_iter().flatten();
        let argument = |item: &Value| {
            Some(PromptArgument {
                name: text(item, "name")?,
                title: text(item, "title"),
                description: text(item, "description").unwrap_or_default(),
                required: item.get("required").and_then(Value::as_bool).unwrap_or_default(),
            })
        };
        Some(Self {
            name: text(item, "name")?,
            title: text(item, "title"),
            description: text(item, "description").unwrap_or_default(),
            arguments: arguments.filter_map(argument).collect(),
        })
    }

    /// Its arguments as a JSON Schema: prompts take texts only.
    #[must_use]
    pub fn schema(&self) -> Value {
        schema(
            self.arguments.iter().map(|a| (&a.name, a.title.as_deref(), a.description.as_str(), a.required)),
        )
    }
}

/// A schema of texts: name, title, description, whether it is required.
#[must_use]
pub fn schema<'a>(texts: impl Iterator<Item = (&'a String, Option<&'a str>, &'a str, bool)>) -> Value {
    let mut properties = serde_json::Map::new();
    let mut required = Vec::new();
    for (name, title, description, must) in texts {
        let title = title.unwrap_or(name);
        properties
            .insert(name.clone(), json!({ "type": "string", "title": title, "description": description }));
        if must {
            required.push(name.clone());
        }
    }
    json!({ "type": "object", "properties": properties, "required": required })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_servers_leave_out_is_not_missed() {
        let bare = OfferedResource::read(&json!({ "uri": "file:///a" })).expect("a resource");
        assert_eq!((bare.name.as_str(), bare.is_template, bare.size), ("file:///a", false, None));
        let template =
            json!({ "uriTemplate": "db://{table}", "name": "Table", "mimeType": "text/plain", "size": 3 });
        let template = OfferedResource::read(&template).expect("a template");
        assert!(template.is_template && template.uri == "db://{table}");
        assert_eq!(OfferedResource::read(&json!({ "name": "nowhere" })), None);
        assert_eq!(OfferedPrompt::read(&json!({ "title": "no name" })), None);
    }

    #[test]
    fn a_prompt_asks_for_its_arguments() {
        let item = json!({ "name": "review", "arguments": [
            { "name": "code", "required": true, "description": "What to look at" }, { "name": "style" }, {},
        ] });
        let prompt = OfferedPrompt::read(&item).expect("a prompt");
        assert_eq!(prompt.arguments.len(), 2, "an argument without a name cannot be given");
        let schema = prompt.schema();
        assert_eq!(schema["required"], json!(["code"]));
        assert_eq!(schema["properties"]["code"]["description"], "What to look at");
        assert_eq!(schema["properties"]["style"]["title"], "style");
    }
}
