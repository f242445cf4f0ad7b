//! The texts of trying tools.

texts! { Playground;
    try_out "Try" "실행해 보기";
    try_tool "Try {}" "{} 실행해 보기";
    lead "Your browser is the MCP client here: it calls the tool as any client would, and the call is in the log." "브라우저가 MCP 클라이언트가 되어 다른 클라이언트와 똑같이 호출하며 호출은 로그에 남습니다.";
    needs_script "Trying tools needs JavaScript and WebAssembly, because the browser itself makes the calls." "브라우저가 직접 호출하므로 JavaScript와 WebAssembly가 필요합니다.";
    needs_role "Developers and Owners try tools. Ask one of them for the role." "도구는 개발자와 소유자가 실행할 수 있습니다. 역할을 요청하십시오.";
    pick "Pick a tool" "도구를 고르십시오";
    tool_hidden "This tool is hidden from clients, so it cannot be called" "클라이언트에 숨긴 도구이므로 호출할 수 없습니다";
    tool_hidden_next "Show it in the list of tools first." "먼저 도구 목록에서 표시하십시오.";
    server_off "This server is disabled, so it cannot be called" "비활성 서버이므로 호출할 수 없습니다";

    arguments "Arguments" "인자";
    no_arguments "This tool takes no arguments." "이 도구에는 인자가 없습니다.";
    raw "Edit as JSON" "JSON으로 편집";
    form "Edit in a form" "양식으로 편집";
    raw_only "The tool's schema does not fit a form, so its arguments are JSON." "도구의 스키마를 양식으로 나타낼 수 없어 인자를 JSON으로 적습니다.";
    raw_bad "This is no JSON object yet." "아직 JSON 객체가 아닙니다.";
    run "Run" "실행";
    running "Running…" "실행 중…";
    cancel "Cancel" "취소";
    required "required" "필수";
    add_item "Add" "추가";
    remove_item "Remove" "삭제";
    add_object "Fill in" "입력하기";
    leave_out "Leave out" "비워 두기";
    not_given "not given" "지정 안 함";
    form_of "Form of" "형식:";

    result "Result" "결과";
    no_result "The result appears here." "결과가 여기에 나타납니다.";
    done_in "Done in {} ms" "{} ms 만에 완료";
    tool_error "The tool reported an error" "도구가 오류를 알렸습니다";
    rpc_error "The server refused the call (error {})" "서버가 호출을 거부했습니다(오류 {})";
    failed "The call did not get through" "호출하지 못했습니다";
    cancelled "Cancelled" "취소됨";
    structured "Structured content" "구조화된 내용";
    nothing_in_it "The result is empty." "결과가 비어 있습니다.";
    other_content "Content of another kind" "다른 종류의 내용";

    wire "On the wire" "주고받은 메시지";
    sent "Sent" "보냄";
    received "Received" "받음";
    history "Earlier calls" "이전 호출";
    again "Use these arguments" "이 인자 사용";
    history_note "The last 20, kept in this tab only." "최근 20개이며 이 탭에만 보관합니다.";
    as_code "As code" "코드로";
    as_code_note "The key is not in it: put one into the variable SLUICE_KEY." "키는 들어 있지 않습니다. SLUICE_KEY 변수에 넣으십시오.";

    asks "The server asks" "서버의 질문";
    answer "Send answer" "답변 보내기";
    decline "Decline" "거절";
    sampling "The server asks for a model's answer. Here you are the model." "서버가 모델의 답변을 요청합니다. 여기서는 직접 답합니다.";
    sampling_answer "Answer" "답변";
    no_answer "The answer ended before the result came." "결과가 오기 전에 응답이 끝났습니다.";
    no_network "Sluice could not be reached." "Sluice에 연결할 수 없습니다.";
    status "Sluice answered with status {}." "Sluice가 상태 코드 {}(으)로 응답했습니다.";
}
