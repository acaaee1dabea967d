namespace KpiStream.Engine.Kpis;

/// <summary>
/// The two figures that count procedures and not cases: for boards and the API, per province, never in an export. They are the same under
/// every rulebook.
/// </summary>
public static class ProcedureFigures
{
    private const string Reading = "Không tính hồ sơ phát sinh từ thủ tục liên thông: đây là cách hiểu của chương trình, văn "
        + "bản không quy định.";

    /// <summary>
    /// Of the procedures with a case accepted in the period whose fee is due, those with such a case paid on the national platform. As a rule of cases it says
    /// which of a procedure's cases count; a procedure counts once.
    /// </summary>
    public static FigureDefinition PaidNationally { get; } = new()
    {
        Id = "procedures_paid_nationally",
        Version = 1,
        NameVi = "Tỷ lệ thủ tục có thanh toán qua Cổng Dịch vụ công quốc gia",
        NameEn = "Procedures whose fees are paid through the National Portal",
        Basis = "Công văn của UBND tỉnh Hưng Yên năm 2023 thực hiện Công văn số 1284/BTTTT-CĐSQG ngày 12/4/2023 của Bộ Thông "
            + "tin và Truyền thông, "
            + "mục 1. " + Reading,
        Sentence = "Trong số thủ tục có hồ sơ tiếp nhận trong kỳ phải nộp phí, lệ phí, tỷ lệ thủ tục có ít nhất "
            + "một hồ sơ như vậy được thanh toán qua Cổng "
            + "Dịch vụ công quốc gia.",
        Kind = CaseKind.Case,
        Unit = UnitRole.Handling,
        Time = TimeRole.Accepted,
        Of = [new RuleItem("fee_due", [new Literal(Condition.FeeDue, false)])],
        Count = [new RuleItem("paid_national", [new Literal(Condition.PaidNational, false)])],
        Targets = [new Target(TargetComparison.AtLeast, 0.6, new DateOnly(2023, 1, 1), new DateOnly(2023, 12, 31), null)],
        IsExported = false,
        TooFew = 20,
    };

    /// <summary>Of the eligible procedures of the catalogue those offered fully online; no period and no unit is an argument of it.</summary>
    public static FigureDefinition OfferedOnline { get; } = PaidNationally with
    {
        Id = "procedures_offered_online",
        NameVi = "Tỷ lệ thủ tục đủ điều kiện được cung cấp toàn trình",
        NameEn = "Eligible procedures offered fully online",
        Basis = "Công văn của UBND tỉnh Hưng Yên, ký hiệu UBND-PVHCC&KSTT, tháng 4/2024, tiếp tục đẩy mạnh các nhiệm vụ "
            + "cải cách, kiểm soát thủ tục hành "
            + "chính (bản lưu hành để trống số và ngày), "
            + "Phụ lục, chỉ tiêu 1; theo Công văn số 221/VPCP-KSTT ngày 10/01/2024 của Văn phòng Chính phủ.",
        Sentence = "Trong số thủ tục đủ điều kiện trong danh mục thủ tục hành chính, tỷ lệ thủ tục được cung cấp "
            + "dịch vụ công trực tuyến toàn trình.",
        Of = [],
        Count = [],
        Targets = [new Target(TargetComparison.AtLeast, 0.8, new DateOnly(2024, 1, 1), new DateOnly(2024, 12, 31), null)],
    };

    public static IReadOnlyList<FigureDefinition> All { get; } = [PaidNationally, OfferedOnline];
}
