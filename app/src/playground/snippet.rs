//! The call as a program, without the key: that is in `SLUICE_KEY`.

use serde_json::{Value, json};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Snippet {
    Curl,
    Python,
    TypeScript,
}

impl Snippet {
    pub const ALL: [Snippet; 3] = [Snippet::Curl, Snippet::Python, Snippet::TypeScript];

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Snippet::Curl => "curl",
            Snippet::Python => "Python",
            Snippet::TypeScript => "TypeScript",
        }
    }

    #[must_use]
    pub fn write(self, url: &str, tool: &str, arguments: &Value) -> String {
        let (url, tool_text) = (Value::from(url).to_string(), Value::from(tool).to_string());
        match self {
            Snippet::Curl => curl(url.trim_matches('"'), tool, arguments),
            Snippet::Python => format!(
                "import asyncio\nimport json\nimport os\n\nfrom mcp import Client\n\
                 from mcp.client.streamable_http import streamable_http_client\n\
                 from mcp.shared._httpx_utils import create_mcp_http_client\n\n\
                 headers = {{\"Authorization\": f\"Bearer {{os.environ['SLUICE_KEY']}}\"}}\n\
                 arguments = json.loads({})\n\n\nasync def main() -> None:\n    \
                 http = create_mcp_http_client(headers=headers)\n    \
                 async with Client(streamable_http_client({url}, http_client=http)) as client:\n        \
                 print(await client.call_tool({tool_text}, arguments))\n\n\nasyncio.run(main())\n",
                Value::from(arguments.to_string()),
            ),
            Snippet::TypeScript => format!(
                "import {{ Client }} from \"@modelcontextprotocol/sdk/client/index.js\";\n\
                 import {{ StreamableHTTPClientTransport }} from \"@modelcontextprotocol/sdk/client/streamableHttp.js\";\n\n\
                 const transport = new StreamableHTTPClientTransport(new URL({url}), {{\n  \
                 requestInit: {{ headers: {{ Authorization: `Bearer ${{process.env.SLUICE_KEY}}` }} }},\n}});\n\
                 const client = new Client({{ name: \"example\", version: \"1.0.0\" }});\n\
                 await client.connect(transport);\n\
                 console.log(await client.callTool({{ name: {tool_text}, arguments: {arguments} }}));\n\
                 await client.close();\n",
            ),
        }
    }
}

/// One request of the modern era, which needs no session.
fn curl(url: &str, tool: &str, arguments: &Value) -> String {
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
        "name": tool, "arguments": arguments,
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        },
    } });
    let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    [
        format!("curl -sS {}", quoted(url)),
        "-H \"Authorization: Bearer $SLUICE_KEY\"".to_owned(),
        "-H 'Content-Type: application/json'".to_owned(),
        "-H 'Accept: application/json, text/event-stream'".to_owned(),
        "-H 'MCP-Protocol-Version: 2026-07-28'".to_owned(),
        "-H 'Mcp-Method: tools/call'".to_owned(),
        format!("-H {}", quoted(&format!("Mcp-Name: {tool}"))),
        format!("-d {}\n", quoted(&request.to_string())),
    ]
    .join(" \\\n  ")
}
