//! Texts of comparisons.

texts! { Diff;
    added "added:" "추가:";
    removed "removed:" "삭제:";
    left_out "unchanged lines left out" "바뀌지 않은 줄 생략";
    same "Nothing differs." "차이가 없습니다.";
}
