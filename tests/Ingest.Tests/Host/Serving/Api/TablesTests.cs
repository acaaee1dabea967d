using System.IO.Compression;
using System.Xml.Linq;
using KpiStream.Engine.Boards;
using KpiStream.Ingest.Host.Serving.Api;
using KpiStream.Ingest.Host.Serving.Tables;

namespace KpiStream.Ingest.Tests.Host.Serving.Api;

/// <summary>The lists as tables for people.</summary>
public sealed class TablesTests(ServedScene scene) : IClassFixture<ServedScene>
{
    private const string Asked = "/api/v1/figures?kpi=fully_online&period=30d";
    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    [Theory]
    [InlineData("/api/v1/figures?kpi=fully_online", "Mã chỉ số,Chỉ số,Mã đơn vị,Đơn vị,Kỳ,Từ,Đến,")]
    [InlineData("/api/v1/series?kpi=fully_online&kpi=received", "Mã chỉ số,Chỉ số,Mã đơn vị,Đơn vị,Kỳ,Từ ngày,Đến ngày,")]
    [InlineData("/api/v1/units?q=pho", "Mã đơn vị,Tên,Loại,Mã cấp trên,Cấp trên,")]
    [InlineData("/api/v1/alerts?limit=5", "Trạng thái,Quy tắc,Mã đơn vị,Đơn vị,Từ lúc,Nội dung")]
    public async Task EveryList_IsATableInBothForms_ByParameterAndByHeader(string path, string heading)
    {
        foreach (var (word, type, start) in ((string, string, byte[])[])[
            ("csv", "text/csv", [0xEF, 0xBB, 0xBF]), ("xlsx", XlsxTable.ContentType, "PK"u8.ToArray())])
        {
            using var named = await scene.Http.GetAsync($"{path}&format={word}");
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.ParseAdd($"text/html;q=0.1, {type}");
            using var accepted = await scene.Http.SendAsync(request);
            foreach (var answer in (HttpResponseMessage[])[named, accepted])
            {
                Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
                Assert.EndsWith($".{word}", answer.Content.Headers.ContentDisposition!.FileNameStar);
                Assert.Contains("Accept", answer.Headers.Vary);
                Assert.True((await answer.Content.ReadAsByteArrayAsync()).AsSpan().StartsWith(start));
            }
        }

        var csv = await scene.Http.GetStringAsync($"{path}&format=csv");
        Assert.StartsWith(heading, csv.TrimStart('\uFEFF'));
        Assert.EndsWith("\r\n", csv);
        Assert.DoesNotContain("\n", csv.Replace("\r\n", ""));
    }

    [Fact]
    public void PaceOfCommunes_IsATableToo()
    {
        var day = new DateOnly(2026, 11, 26);
        var table = ApiTables.Pace(new PaceAnswer("2026-11-27T10:00:00+07:00", "received", 5, day, day, day, day, 10, 7,
        [
            new("11953", "Phố Hiến", "phường", day, 1, 3, 9.6, 12, PaceState.Slow),
            new("12091", "Ân Thi", "xã", null, null, 0, null, 0, PaceState.Few),
        ]));
        Assert.Equal(
            ["Mã đơn vị", "Đơn vị", "Hồ sơ gần nhất", "5 ngày làm việc qua", "Thường có", "Từ đầu tháng", "Nhận định"],
            table.Columns.Select(static column => column.Heading));
        Assert.Equal<object?[]>(
            [
                ["11953", "phường Phố Hiến", new DateTime(2026, 11, 26), 3L, 10L, 12L, "Chậm hẳn"],
                ["12091", "xã Ân Thi", null, 0L, null, 0L, "Quá ít để so"],
            ],
            table.Rows);
    }

    [Fact]
    public async Task ACsv_HasNamesRatiosAndDatesAsOfficesWriteThem_AndNoFormula()
    {
        var lines = (await scene.Http.GetStringAsync($"{Asked}&format=csv")).Split("\r\n");
        var place = lines.Single(static line => line.Contains($",{ServedScene.PhoHien},"));
        Assert.StartsWith("fully_online,Tỷ lệ hồ sơ trực tuyến toàn trình,11953,phường Phố Hiến,30d,", place);
        Assert.Contains(",không,20,10,0,\"50,00%\",\"50,00%\",", place);
        Assert.Matches("""^[^,]*,[^,]*,[^,]*,[^,]*,30d,\d\d/\d\d/\d{4} \d\d:\d\d:\d\d,""", place);
        Assert.Contains(lines, static line => line.Contains(",'=cmd|'x','=cmd|'x',"));
        Assert.DoesNotContain(lines, static line => line.Split(',').Any(static cell => cell is ['=' or '+' or '-' or '@' or '\t', ..]));
    }

    [Fact]
    public async Task AWorkbook_HasNumbersPercentsAndTextAsSuch_ReadByAnotherReader()
    {
        using var zip = new ZipArchive(new MemoryStream(await scene.Http.GetByteArrayAsync($"{Asked}&format=xlsx")));
        var (sheet, styles) = (Part(zip, "xl/worksheets/sheet1.xml"), Part(zip, "xl/styles.xml"));
        Assert.Empty(sheet.Descendants(Main + "f"));
        var rows = sheet.Descendants(Main + "row").Select(static row => row.Elements(Main + "c").ToList()).ToList();
        var heading = rows[0].ConvertAll(static cell => cell.Element(Main + "v")!.Value);
        var place = rows.Single(static row => row[2].Element(Main + "v")?.Value == ServedScene.PhoHien);
        string Value(string column) => place[heading.IndexOf(column)].Element(Main + "v")!.Value;
        Assert.Equal(("phường Phố Hiến", "20", "10", "0.5"), (Value("Đơn vị"), Value("Mẫu số"), Value("Tử số"), Value("Tỷ lệ")));
        Assert.Equal("str", place[2].Attribute("t")?.Value);
        Assert.Equal(("#,##0", "0.00%", "0.00%"), (FormatOf("Mẫu số"), FormatOf("Tỷ lệ"), FormatOf("Cận dưới 95 %")));
        Assert.DoesNotContain(rows.SelectMany(static row => row), static cell => cell.Element(Main + "v")?.Value is ['=' or '+' or '@', ..]);

        string? FormatOf(string column)
        {
            var style = styles.Descendants(Main + "cellXfs").Single().Elements().ElementAt((int)place[heading.IndexOf(column)].Attribute("s")!);
            var id = style.Attribute("numFmtId")!.Value;
            return styles.Descendants(Main + "numFmt").SingleOrDefault(format => format.Attribute("numFmtId")!.Value == id)?.Attribute("formatCode")?.Value;
        }
    }

    [Fact]
    public async Task ATable_IsWholeWhereALimitIsNotGiven_AndAPageWhereItIs()
    {
        var units = (await scene.Http.GetStringAsync("/api/v1/units?format=csv")).Split("\r\n").Length - 2;
        var figures = scene.Engine.Rules.Figures.Count;
        Assert.InRange((await scene.Http.GetStringAsync("/api/v1/figures?format=csv")).Split("\r\n").Length - 2, units * figures, (units + 3) * (figures + 1));
        using var page = await scene.Http.GetAsync("/api/v1/units?format=csv&limit=10");
        Assert.Equal(10, (await page.Content.ReadAsStringAsync()).Split("\r\n").Length - 2);
        Assert.Contains("format=csv", Assert.Single(page.Headers.GetValues("Link")));
    }

    [Theory]
    [InlineData("/api/v1/units?format=csvv", "did you mean 'csv'?")]
    [InlineData("/api/v1/figures?format=XLSX", "allowed: json, csv, xlsx")]
    [InlineData("/api/v1/series?kpi=received&format=pdf", "'pdf' is no format")]
    [InlineData("/api/v1/board?format=csv", "There is no parameter 'format'")]
    public async Task AFormatThereIsNot_IsRefused(string path, string says)
    {
        using var answer = await scene.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(says, (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+84", "'+84")]
    [InlineData("-1", "'-1")]
    [InlineData("@x", "'@x")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\rx", "'\rx")]
    [InlineData("Phố Hiến", "Phố Hiến")]
    [InlineData("", "")]
    [InlineData("a=b", "a=b")]
    public void ATextThatASpreadsheetWouldRun_IsDefused(string text, string written) => Assert.Equal(written, Table.Defused(text));

    private static XDocument Part(ZipArchive zip, string name)
    {
        using var part = zip.GetEntry(name)!.Open();
        return XDocument.Load(part);
    }
}
