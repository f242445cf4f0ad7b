//! Texts of copying a server.

texts! { Copies;
    copy_to "Copy…" "복사…";
    copy "Copy server" "서버 복사";
    title "Copy {}" "{} 복사";
    lead "With its settings and the rules for its tools." "설정과 도구 규칙을 함께 복사합니다.";
    target "Into" "대상 프로젝트";
    here "{} (this project)" "{} (이 프로젝트)";
    values "Stored values go along within this project only. In another one they are typed again, and the copy stays off until then." "저장된 값은 이 프로젝트 안에서만 복사됩니다. 다른 프로젝트에서는 다시 입력해야 하며 그때까지 사본은 꺼져 있습니다.";
    name_hint "Empty: as it is called now, with a number if that is taken." "비우면 지금 이름을 쓰고 이미 있으면 번호를 붙입니다.";
}
