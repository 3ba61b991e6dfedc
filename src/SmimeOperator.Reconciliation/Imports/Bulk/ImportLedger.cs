using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>What an import was made with: the connector key, and a hash of everything else that all of them have in common.</summary>
internal readonly record struct ImportBaseline(string KeyFingerprint, string AppliedHash);

/// <summary>
/// Which records in the tenant a resource for many users made, and with which key. Kept in status as six bytes a record, so that five
/// thousand are forty thousand characters: enough to know a record again, for two of them are taken for one once in a million tenants.
/// </summary>
internal sealed class ImportLedger
{
    private const int Width = 6;

    private readonly Dictionary<long, ImportBaseline> _entries = [];

    public int Count => _entries.Count;

    /// <summary>Reads what status says.</summary>
    public static ImportLedger Read(IEnumerable<ImportedKeyStatus>? keys)
    {
        var ledger = new ImportLedger();
        foreach (var key in keys ?? [])
        {
            var bytes = Bytes(key);
            for (var at = 0; at + Width <= bytes.Length; at += Width)
            {
                ledger._entries[Entry(bytes.AsSpan(at))] = new ImportBaseline(key.KeyFingerprint, key.AppliedHash ?? "");
            }
        }

        return ledger;
    }

    /// <summary>What the record was made with; null where this resource did not make it.</summary>
    public ImportBaseline? Find(string id) => _entries.TryGetValue(EntryOf(id), out var baseline) ? baseline : null;

    /// <summary>Takes note of an import.</summary>
    /// <returns>Whether that was news.</returns>
    public bool Record(string id, ImportBaseline baseline)
    {
        var entry = EntryOf(id);
        if (_entries.TryGetValue(entry, out var before) && before == baseline)
        {
            return false;
        }

        _entries[entry] = baseline;
        return true;
    }

    /// <summary>Takes note of a removal.</summary>
    public void Remove(string id) => _entries.Remove(EntryOf(id));

    /// <summary>For status: by key, in an order that stays.</summary>
    public List<ImportedKeyStatus>? ToStatus() => _entries.Count == 0
        ? null
        : [.. _entries.GroupBy(e => e.Value, e => e.Key)
            .OrderBy(g => g.Key.KeyFingerprint, StringComparer.Ordinal).ThenBy(g => g.Key.AppliedHash, StringComparer.Ordinal)
            .Select(g => new ImportedKeyStatus
            {
                KeyFingerprint = g.Key.KeyFingerprint,
                AppliedHash = g.Key.AppliedHash,
                Certificates = g.Count(),
                Entries = Text(g.Order()),
            })];

    private static byte[] Bytes(ImportedKeyStatus key)
    {
        var bytes = new byte[(key.Entries?.Length ?? 0) * 3 / 4];
        return Convert.TryFromBase64String(key.Entries ?? "", bytes, out var written) ? bytes[..written] : [];
    }

    private static string Text(IEnumerable<long> entries)
    {
        using var bytes = new MemoryStream();
        Span<byte> eight = stackalloc byte[sizeof(long)];
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteInt64BigEndian(eight, entry);
            bytes.Write(eight[^Width..]);
        }

        return Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static long EntryOf(string id)
    {
        // Natural keys are ASCII; the service may write them in either letter case.
        Span<byte> text = stackalloc byte[256];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var length = Encoding.UTF8.GetBytes(id.AsSpan(0, Math.Min(id.Length, 80)), text);
        for (var i = 0; i < length; i++)
        {
            text[i] = (byte)char.ToLowerInvariant((char)text[i]);
        }

        SHA256.HashData(text[..length], hash);
        return Entry(hash);
    }

    private static long Entry(ReadOnlySpan<byte> bytes)
    {
        Span<byte> eight = stackalloc byte[sizeof(long)];
        eight.Clear();
        bytes[..Width].CopyTo(eight[^Width..]);
        return BinaryPrimitives.ReadInt64BigEndian(eight);
    }
}
