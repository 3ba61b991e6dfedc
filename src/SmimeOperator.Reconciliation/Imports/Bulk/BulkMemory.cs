using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// What the process knows of one resource for many users: facts about certificates, never key material. An unchanged Secret is not read
/// again; after a restart each is read once. The ledger is in status too, and is read from there.
/// </summary>
internal sealed class BulkMemory(CertificateImport import)
{
    private readonly Dictionary<string, (string Version, string UserStamp, IReadOnlyList<ImportSource> Sources)> _sources = [];

    /// <summary>What this resource made in the tenant.</summary>
    public ImportLedger Ledger { get; } = ImportLedger.Read(import.Status?.Keys);

    /// <summary>Whether the last pass left work to the next.</summary>
    public bool IsUnfinished { get; set; }

    /// <summary>Imports that the service refused, by natural key: tried again when everybody had a turn.</summary>
    public Dictionary<string, (string Reason, string Message)> Rejected { get; } = [];

    /// <summary>Failures that people were told of.</summary>
    public HashSet<string> Told { get; } = [.. (import.Status?.Failures ?? []).Select(f => f.Message)];

    /// <summary>When the next pass may begin: Secrets arrive by the thousand, and each pass writes a status.</summary>
    public DateTimeOffset RestUntil { get; set; }

    /// <summary>The generation of the spec that the facts were judged by.</summary>
    public long Generation { get; private set; } = import.Metadata.Generation ?? 0;

    /// <summary>Forgets what was judged by another spec, and Secrets that are gone.</summary>
    public void Keep(long generation, IReadOnlyCollection<EscrowSecret> secrets)
    {
        if (!IsUnfinished)
        {
            Rejected.Clear();
        }

        if (Generation != generation)
        {
            Generation = generation;
            _sources.Clear();
        }

        var names = secrets.Select(s => s.Name).ToHashSet();
        foreach (var gone in _sources.Keys.Where(n => !names.Contains(n)).ToArray())
        {
            _sources.Remove(gone);
        }
    }

    /// <summary>What the Secret holds, where it was read in this version for this user.</summary>
    public bool TryGet(EscrowSecret secret, [NotNullWhen(true)] out IReadOnlyList<ImportSource>? sources)
    {
        var known = _sources.TryGetValue(secret.Name, out var entry) && entry.Version == secret.Version && entry.UserStamp == secret.UserStamp;
        sources = known ? entry.Sources : null;
        return known;
    }

    public void Put(EscrowSecret secret, IReadOnlyList<ImportSource> sources) => _sources[secret.Name] = (secret.Version, secret.UserStamp, sources);
}

/// <summary>The memories of all resources for many users, by uid.</summary>
internal sealed class BulkMemories
{
    private readonly ConcurrentDictionary<string, BulkMemory> _memories = new();

    public BulkMemory Of(CertificateImport import) => _memories.GetOrAdd(import.Metadata.Uid ?? "", _ => new BulkMemory(import));

    public void Forget(CertificateImport import) => _memories.TryRemove(import.Metadata.Uid ?? "", out _);
}
