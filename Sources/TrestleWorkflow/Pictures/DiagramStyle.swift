/// The colours and lines of pictures, by light and by dark.
enum DiagramStyle {
  /// A style sheet; each rule is for what is inside of a picture alone, which may stand in a page.
  static let sheet = """
    .workflow text { font: 11px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; \
    fill: #24292f; }
    .workflow .paper { fill: #ffffff; }
    .workflow text.heading { font-size: 15px; font-weight: 700; }
    .workflow text.title { font-size: 13px; font-weight: 700; }
    .workflow text.summary, .workflow text.detail, .workflow text.aside { fill: #5b6570; }
    .workflow .frame { fill: #f8fafc; stroke: #8795a5; stroke-width: 1.2; }
    .workflow .inner { fill: none; stroke: #8795a5; stroke-width: 1; }
    .workflow .rule { stroke: #d5dce4; fill: none; }
    .workflow .event .frame { fill: #fff7e0; stroke: #b7890f; }
    .workflow .system .frame, .workflow .source .frame { fill: #eaf3ff; stroke: #4a7fc0; }
    .workflow .box.failure .frame { fill: #fdecec; stroke: #c2453f; }
    .workflow .box.failure .inner { stroke: #c2453f; }
    .workflow .box.visited .frame { stroke: #1a7f4b; stroke-width: 2.6; }
    .workflow .box.failed .frame { stroke: #cf222e; stroke-width: 3; fill: #ffe9e7; }
    .workflow text.failed { fill: #cf222e; font-weight: 700; }
    .workflow .start { fill: #24292f; }
    .workflow .line { fill: none; stroke: #7a8794; stroke-width: 1.3; }
    .workflow .head { fill: #7a8794; }
    .workflow .link.failure .line { stroke: #c2453f; stroke-dasharray: 5 3; }
    .workflow .link.failure .head { fill: #c2453f; }
    .workflow .link.visited .line { stroke: #1a7f4b; stroke-width: 3; }
    .workflow .link.visited .head { fill: #1a7f4b; }
    .workflow .link.failure.visited .line { stroke: #c2453f; }
    .workflow .link.failure.visited .head { fill: #c2453f; }
    .workflow .label rect { fill: #ffffff; }
    .workflow .label text { fill: #46515c; }
    .workflow .label text.success { fill: #1a7f4b; }
    .workflow .label text.failure { fill: #b3302a; }
    .workflow .label text.condition { fill: #8a6100; }
    .workflow .label text.data { fill: #2f63a3; }
    .workflow .faint { opacity: 0.38; }
    .workflow .label.faint { opacity: 1; }
    .workflow .label.faint text { opacity: 0.5; }
    .workflow .label.visited text { font-weight: 700; }
    .workflow .dot { fill: #8795a5; }
    .workflow .dot.api_call { fill: #2f7fd6; }
    .workflow .dot.legacy_call { fill: #8250df; }
    .workflow .dot.condition_check { fill: #c98a00; }
    .workflow .dot.data_transform { fill: #12908e; }
    .workflow .dot.emit { fill: #cf3f8f; }
    @media (prefers-color-scheme: dark) {
    .workflow text { fill: #e6edf3; }
    .workflow .paper, .workflow .label rect { fill: #0d1117; }
    .workflow text.summary, .workflow text.detail, .workflow text.aside { fill: #9aa6b2; }
    .workflow .frame { fill: #161b22; stroke: #6e7d8c; }
    .workflow .inner { stroke: #6e7d8c; }
    .workflow .rule { stroke: #30363d; }
    .workflow .event .frame { fill: #2b2410; stroke: #c99d2c; }
    .workflow .system .frame, .workflow .source .frame { fill: #10213a; stroke: #5b8fd0; }
    .workflow .box.failure .frame { fill: #331416; stroke: #e0625b; }
    .workflow .box.failure .inner { stroke: #e0625b; }
    .workflow .box.visited .frame { stroke: #3fb970; }
    .workflow .box.failed .frame { stroke: #ff6b63; fill: #3d1214; }
    .workflow text.failed { fill: #ff7b72; }
    .workflow .start { fill: #e6edf3; }
    .workflow .line { stroke: #8090a0; }
    .workflow .head { fill: #8090a0; }
    .workflow .link.failure .line, .workflow .link.failure.visited .line { stroke: #e0625b; }
    .workflow .link.failure .head, .workflow .link.failure.visited .head { fill: #e0625b; }
    .workflow .link.visited .line { stroke: #3fb970; }
    .workflow .link.visited .head { fill: #3fb970; }
    .workflow .label text { fill: #b6c1cc; }
    .workflow .label text.success { fill: #56d08a; }
    .workflow .label text.failure { fill: #ff8a83; }
    .workflow .label text.condition { fill: #e0b34a; }
    .workflow .label text.data { fill: #7fb2f0; }
    }
    """
}
