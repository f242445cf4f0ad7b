//! Texts of taking a project along.

texts! { Export;
    title "Export" "내보내기";
    lead "A file without secrets: values of variables become named holes, and keys are left out." "비밀 값이 없는 파일입니다. 변수 값은 이름만 남고 키는 빠집니다.";
    yaml "Project as YAML" "프로젝트 YAML";
    yaml_hint "Settings, members, servers and the rules of their tools, for `sluice apply`." "설정, 구성원, 서버, 도구 규칙이 담기며 sluice apply로 적용합니다.";
    json "Servers as mcpServers JSON" "서버 mcpServers JSON";
    json_hint "What MCP clients read; built-in servers are left out." "MCP 클라이언트가 읽는 형식이며 내장 서버는 빠집니다.";
}
