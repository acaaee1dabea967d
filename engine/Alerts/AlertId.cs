using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KpiStream.Engine.Alerts;

/// <summary>Names an alert in addresses and files: codes of units may hold anything, an id only digits.</summary>
public static class AlertId
{
    private const int Bytes = 8; // of a nation's alerts in a hundred years no two will meet

    public static string Of(string rule, string unit, long pendingSince)
    {
        Span<byte> since = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(since, pendingSince);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{rule}\n{unit}\n"));
        hash.AppendData(since);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, Bytes));
    }
}
