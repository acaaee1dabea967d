namespace KpiStream.Engine.Tests.Pipeline;

/// <summary>
/// A random rulebook, directory and stream from one seed: any condition in any figure, any-of groups with negations, lists, waivers, linked and due; aliases,
/// departments, chains of successors and unlisted codes; events of few cases at few instants, with nulls, and keys that a whole stream never states.
/// </summary>
internal sealed class RandomWorld
{
    private static readonly DateOnly FirstDay = new(2025, 8, 26); // before the holidays of 2 September, with a worked day among them
    private static readonly string[] Procedures = ["2.000815", "2.000815.000.00.00.H31", "2.0008151", "1.1", "1.10", "1.1.2", ""];
    private static readonly string[] Fields = ["G15", "G15.1", "G16", ""];
    private static readonly string[] Kinds = ["xã", "phường", "đặc khu", "thị trấn", "sở", "ban"];
    private static readonly (string As, string Sent)[] Aliases =
        [("H31.1", "H31.1"), ("Thụy", "Thuỵ"), ("HÒA", "HO\u0300A"), ("Đường", "Đu\u031Bo\u031B\u0300ng")];

    private static readonly Rulebook Book = Shipped.Rulebook();

    private readonly Random random;
    private readonly List<string> codes = ["?", "99999", "thụy", ""];
    private readonly HashSet<string> neverStated;

    public RandomWorld(int seed)
    {
        random = new Random(seed);
        Directory = MakeDirectory();
        Rulebook = MakeRulebook();
        neverStated = [.. Keys().Where(_ => random.Next(4) == 0)];
        neverStated.ExceptWith(["status", "handling"]);
        Events = [.. Enumerable.Range(0, random.Next(20, 160)).Select(_ => Encoding.UTF8.GetBytes(MakeEvent()))];
    }

    public Rulebook Rulebook { get; }

    public UnitDirectory Directory { get; }

    public byte[][] Events { get; }

    public long SomeInstant() =>
        LocalTime.StartOfDay(LocalTime.DayOf(FirstDay) + random.Next(12))
            + (Pick(0, 1, 53_999, 54_000, 86_399, random.Next(86_400)) * LocalTime.MillisPerSecond) + Pick(0, 0, 1, 999);

    /// <summary>A place below an end.</summary>
    public int SomePlace(int end) => random.Next(end);

    /// <summary>The events out of order, some of them repeated.</summary>
    public byte[][] Stirred()
    {
        byte[][] stirred = [.. Events, .. Events.Where(_ => random.Next(3) == 0)];
        random.Shuffle(stirred);
        return stirred;
    }

    private T Pick<T>(params ReadOnlySpan<T> from) => from[random.Next(from.Length)];

    private UnitDirectory MakeDirectory()
    {
        var csv = new StringBuilder("code,name,kind,parent,valid_from,valid_to,successor,aliases\nVN,VN,quốc gia,,,,,\nP,P,tỉnh,VN,,,,\n");
        codes.AddRange(["VN", "P"]);
        if (random.Next(2) == 0)
        {
            csv.Append("Q,Q,tỉnh,VN,,,,\n");
        }

        const int Units = 7;
        var order = Enumerable.Range(0, Units).ToArray();
        random.Shuffle(order);
        for (var i = 0; i < Units; i++)
        {
            var (isOld, alias) = (i > 2 && random.Next(2) == 0, order[i] < Aliases.Length ? Aliases[order[i]].As : "");
            var end = isOld ? FirstDay.AddDays(random.Next(12)).ToString("yyyy-MM-dd") : "";
            var next = isOld && random.Next(4) > 0 ? $"u{random.Next(i)}" : "";
            csv.Append($"u{i},u{i},{Pick<string>(Kinds)},P,,{end},{next},{alias}\n");
            codes.Add($"u{i}");
        }

        codes.AddRange(Aliases.Select(alias => Pick(alias.As, alias.Sent)));
        var problems = new List<string>();
        return UnitDirectory.TryCreate(UnitCsv.Parse(csv.ToString(), problems), "random", problems)
            ?? throw new InvalidOperationException(string.Join('\n', problems));
    }

    private Rulebook MakeRulebook() => Book with
    {
        OnTimeBy = Pick(OnTimeBy.Day, OnTimeBy.Instant),
        Lists = [new ProcedureList("one", ["1.1", "2.000815"], ["G16"]), new ProcedureList("two", [], ["G15", "G16"]), new ProcedureList("none", [], [])],
        Waivers = random.Next(3) == 0 ? [] : [MakeWaiver(), MakeWaiver()],
        Figures = [.. Enumerable.Range(0, 10).Select(MakeFigure)],
    };

    private FeeWaiver MakeWaiver()
    {
        var list = random.Next(2) == 0 ? Condition.FirstList + random.Next(3) : (Condition?)null;
        return new FeeWaiver(
            list is null ? Pick("1.1", "2.000815") : null, list, Pick<DateOnly?>(null, FirstDay.AddDays(3)),
                Pick<DateOnly?>(null, FirstDay.AddDays(8)), "random")
        {
            Channel = Pick<Condition?>(null, Condition.Online, Condition.AtCounter),
            Units = Pick<string[]>([], ["P"], ["u1", "u4"], ["Q"]),
        };
    }

    private FigureDefinition MakeFigure(int number) => Book.Figures[0] with
    {
        Id = $"f{number}",
        Kind = Pick(CaseKind.Case, CaseKind.Case, CaseKind.Case, CaseKind.Case, CaseKind.Case, CaseKind.Feedback, CaseKind.Publication),
        Linked = Pick(LinkedCases.Exclude, LinkedCases.Include, LinkedCases.Only),
        Unit = Pick(UnitRole.Handling, UnitRole.Receiving),
        Time = Pick(TimeRole.Filed, TimeRole.Accepted, TimeRole.Due, TimeRole.Ended),
        Of = Items(0, 2),
        Count = random.Next(6) == 0 ? null : Items(1, 3),
        IsExported = random.Next(8) > 0,
    };

    private RuleItem[] Items(int least, int end) => [.. Enumerable.Range(0, random.Next(least, end)).Select(number => new RuleItem(
        $"i{number}", [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new Literal(SomeCondition(), random.Next(3) == 0))]))];

    private Condition SomeCondition() =>
        (Condition)random.Next((int)Condition.FirstList + 3) is var any and (< Condition.KindCase or >= Condition.FirstList) ? any : SomeCondition();

    private string MakeEvent()
    {
        var text = new StringBuilder($$"""{"source":"{{Pick("hy", "sl")}}","case":"c{{random.Next(15)}}", """
            + $$""" "at":"{{InstantText.ToLocalMillis(SomeInstant())}}","seq":{{random.Next(3)}}""");
        var share = Pick(10, 50, 100);
        foreach (var key in Keys().Where(key => !neverStated.Contains(key) && random.Next(100) < share))
        {
            text.Append($",\"{key}\":{(random.Next(8) == 0 ? "null" : ValueOf(key))}");
        }

        return text.Append('}').ToString();
    }

    private static IEnumerable<string> Keys() =>
        Enum.GetValues<CaseKey>().Where(key => key is not (CaseKey.Source or CaseKey.Case or CaseKey.At or CaseKey.Seq)).Select(CaseKeys.NameOf);

    private string ValueOf(string key) => key switch
    {
        "kind" => Word("case", "case", "case", "feedback", "publication"),
        "status" => random.Next(1, 11).ToString(),
        "procedure" => Word(Procedures),
        "field" => Word(Fields),
        "receiving" or "handling" => Word([.. codes]),
        "channel" => Word("counter", "online", "post"),
        "filed" or "accepted" or "due" or "ended" => $"\"{InstantText.ToLocalMillis(SomeInstant())}\"",
        "fee" => Pick("0", "8000"),
        "paid_via" => Word("none", "national", "local", "counter"),
        "result" => Word("none", "paper", "electronic", "not_required"),
        "returned" => Word("none", "online", "post", "counter"),
        "presence" => Word("none", "visit", "paper", "on_site"),
        "parent" => Word("", "", "p"),
        _ => Pick("true", "false"),
    };

    private string Word(params ReadOnlySpan<string> words) => $"\"{Pick(words)}\"";
}
