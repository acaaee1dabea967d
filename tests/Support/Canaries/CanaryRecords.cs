using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using KpiStream.Tests.Support.Formats;
using KpiStream.Tests.Support.Oracle;

namespace KpiStream.Tests.Support.Canaries;

/// <summary>
/// Events full of canaries: in the case code, in unknown keys and their names, in every nested place, in known keys that cannot hold them, and in what is
/// malformed. Codes that are shown as they stand get canaries too long for them, so that the event is rejected. The number of a record decides its shape.
/// </summary>
public static class CanaryRecords
{
    private const long Start = 1_752_600_000_000; // 2025-07-16 00:20 in Viet Nam
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Escaping = new();
    private static readonly string[] Keys = ["v", .. EventOracle.Order];

    private static readonly string[] PayloadKeys =
    [
        "MaHoSo", "TrangThaiHoSo", "MaTTHC", "MaLinhVuc", "MaDonViTiepNhan", "DonViXuLy", "KenhThucHien", "NgayNopHoSo", "NgayTiepNhan", "NgayHenTra",
            "NgayKetThucXuLy",
        "DanhSachLePhi", "DuocThanhToanTrucTuyen", "DanhSachGiayToKetQua", "HinhThuc", "HoSoCoThanhPhanSoHoa", "TaiLieuNop", "TaiKhoanDuocXacThucVoiVNeID",
    ];

    /// <summary>A native JSON event. One in two is valid.</summary>
    public static byte[] Json(int number) => Shape(number, Spoilt(Native(number), Keys, number), node => Text(node, number));

    /// <summary>The same in MessagePack: a map or, in every other four, a compact array.</summary>
    public static byte[] Packed(int number) =>
        Shape(number, Spoilt(Native(number), Keys, number), node => number / 4 % 2 == 0 ? PackedJson.Map(node) : PackedJson.Compact(node));

    /// <summary>A compact array with a text for its mask: malformed, and yet a whole value, so that others may stand behind it.</summary>
    public static byte[] PackedMalformed(int number)
    {
        var text = Encoding.UTF8.GetBytes(new Canary(number).Everything);
        return [0x92, 1, 0xda, (byte)(text.Length >> 8), (byte)text.Length, .. text];
    }

    /// <summary>A national payload whose time stands in <c>ThoiDiemCapNhat</c>.</summary>
    public static byte[] National(int number) => Shape(number, Spoilt(Payload(number), PayloadKeys, number), node => Text(node, number));

    /// <summary>Whether a record is malformed by its shape, so that no reader can tell where in a row of records it ends.</summary>
    public static bool IsMalformed(int number) => number % 4 == 3;

    private static byte[] Shape(int number, JsonObject value, Func<JsonObject, byte[]> write)
    {
        var record = write(value);
        return !IsMalformed(number) ? record : (number / 4 % 6) switch
        {
            0 => record[..(record.Length * 2 / 3)],
            1 => [.. record, .. Encoding.UTF8.GetBytes(new Canary(number).Everything)],
            2 => [.. record.AsSpan(0, record.Length / 2), 0xFF, 0xC1, .. record.AsSpan(record.Length / 2)],
            3 => [(byte)'[', (byte)'"', .. Encoding.UTF8.GetBytes(new Canary(number).Everything), (byte)'"', (byte)']'],
            4 => [.. Encoding.UTF8.GetBytes(new Canary(number).Everything), .. record],
            _ => [.. record, .. record],
        };
    }

    /// <summary>Every second pair gets a canary where a known key cannot hold one.</summary>
    private static JsonObject Spoilt(JsonObject node, string[] keys, int number)
    {
        if (number % 4 == 2)
        {
            var canary = new Canary(number);
            node[keys[number / 4 % keys.Length]] = (number / 4 / keys.Length % 3) switch
            {
                0 => canary.Everything,
                1 => new JsonObject { [canary.Name] = canary.Identity },
                _ => new JsonArray(canary.Telephone, new JsonArray(canary.Mail)),
            };
        }

        return node;
    }

    private static JsonObject Native(int number)
    {
        var canary = new Canary(number);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(Start + (number * 10L));
        var parent = number % 3 == 0 ? $"\"{new Canary(number + 1).Case}\"" : "null";
        var node = JsonNode.Parse($$"""
            {"source":"hy","case":"{{canary.Case}}","at":"{{Instant(at)}}","seq":{{number}},"status":{{1 + (number % 10)}},"procedure":"2.000815",
             "field":"G15-TP02",
             "receiving":"11953","handling":"11956","channel":"online","accepted":"{{Instant(at.AddHours(-2))}}","ended":"{{Instant(at.AddHours(-1))}}",
             "fee":8000,
             "paid_via":"national","result":"electronic","signed":true,"parent":{{parent}}}
            """)!.AsObject();
        return WithPersonal(node, canary);
    }

    private static JsonObject Payload(int number)
    {
        var canary = new Canary(number);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(Start + (number * 10L));
        var node = JsonNode.Parse($$"""
            {"MaHoSo":"{{canary.Case}}","ThoiDiemCapNhat":"{{Instant(at)}}","TrangThaiHoSo":{{1 + (number % 10)}},"MaTTHC":"2.000815","MaLinhVuc":"G15-TP02",
             "MaDonViTiepNhan":"11953","DonViXuLy":"11956","KenhThucHien":2,"NgayTiepNhan":"20250716083000","DuocThanhToanTrucTuyen":1,
             "DanhSachLePhi":[{"TenPhiLePhi":"{{canary.Name}}","Gia":8000}],
             "DanhSachGiayToKetQua":[{"TenGiayTo":"{{canary.Name}}","MaGiayToKetQua":"{{canary.Identity}}","DuongDanTepTinKetQua":"{{canary.Mail}}"}],
             "TaiLieuNop":[{"TenTepDinhKem":"{{canary.Everything}}","DuocTaiSuDung":1}]}
            """)!.AsObject();
        return WithPersonal(node, canary);
    }

    private static JsonObject WithPersonal(JsonObject node, Canary canary)
    {
        var personal = JsonNode.Parse($$"""
            {"ChuHoSo":"{{canary.Name}}","SoDinhDanh":"{{canary.Identity}}",
             "DinhDanhCHS":[{"LoaiDinhDanh":1,"SoDinhDanh":"{{canary.Identity}}","x":[["{{canary.Mail}}"]]}],
             "LienHe":{"SoDienThoai":"{{canary.Telephone}}","Email":"{{canary.Mail}}","{{canary.Name}}":{"{{canary.Identity}}":"{{canary.Case}}" } },
             "{{canary.Mail}}":"{{canary.Everything}}"}
            """)!.AsObject();
        foreach (var (key, value) in personal)
        {
            node[key] = value?.DeepClone();
        }

        if (canary.Number % 1_000 == 0)
        {
            node["TrichYeuHoSo"] = string.Concat(Enumerable.Repeat(canary.Everything, 1_000)); // too large
        }

        return node;
    }

    private static string Instant(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    private static byte[] Text(JsonObject node, int number) => Encoding.UTF8.GetBytes(node.ToJsonString(number % 2 == 0 ? Plain : Escaping));
}
