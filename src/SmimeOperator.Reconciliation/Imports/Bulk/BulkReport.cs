using System.Globalization;
using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>What a report is made of.</summary>
/// <param name="Lines">Every Secret.</param>
/// <param name="Snapshot">The tenant as it is now.</param>
/// <param name="Due">Natural keys of imports that are still due.</param>
/// <param name="Ledger">What this resource made.</param>
/// <param name="KeyFingerprint">Today's connector key.</param>
/// <param name="Purpose">The purpose in Graph's words.</param>
/// <param name="Now">The time.</param>
/// <param name="AlsoIn">Another resource that imports the same record.</param>
internal sealed record BulkReportInput(
    IReadOnlyList<EscrowLine> Lines,
    TenantSnapshot Snapshot,
    IReadOnlySet<string> Due,
    ImportLedger Ledger,
    string KeyFingerprint,
    string Purpose,
    DateTimeOffset Now,
    Func<EscrowLine, string?> AlsoIn);

/// <summary>What people are told of many users' imports: counts, the first of each kind by name, and no list that grows with their number.</summary>
internal sealed class BulkReport
{
    private const int Shown = 20;
    private const int LongestMessage = 400;

    private readonly BulkReportInput _input;
    private readonly List<ImportFailure> _failures = [];
    private readonly List<string> _notes = [];
    private readonly HashSet<string> _present;

    public BulkReport(BulkReportInput input)
    {
        _input = input;
        _present = [.. input.Snapshot.CertificatesByUser.Values.SelectMany(r => r).Select(r => r.Id.ToLowerInvariant())];
        foreach (var user in input.Lines.Where(l => l.Secret.UserName is not null).GroupBy(l => l.Secret.User?.Id ?? l.Secret.UserName!, StringComparer.OrdinalIgnoreCase))
        {
            AddUser([.. user]);
        }

        foreach (var line in input.Lines)
        {
            AddLine(line);
        }

        AddShared();
        AddPast();
        History.Notes = _notes.Count == 0 ? null : [.. _notes.Take(Shown)];
    }

    public ImportCounts Counts { get; } = new();

    public ImportUserCounts Users { get; } = new();

    public ImportHistory History { get; } = new();

    /// <summary>Everything that could not be imported, by name of its Secret.</summary>
    public IReadOnlyList<ImportFailure> Failures => _failures;

    /// <summary>What status shows of it.</summary>
    public List<ImportFailure>? FirstFailures => _failures.Count == 0 ? null : [.. _failures.Take(Shown)];

    /// <summary>What this resource made and the tenant does not hold any more, without a source to make it again.</summary>
    public int Missing { get; private set; }

    /// <summary>When the next user's newest certificate comes near its end.</summary>
    public TimeSpan? NextExpiry { get; private set; }

    private bool IsImported(EscrowLine line) => line.IsWanted && !_input.Due.Contains(line.Id!) && _present.Contains(line.Id!.ToLowerInvariant());

    private void AddUser(List<EscrowLine> lines)
    {
        Users.Total++;
        if (lines[0].Secret.User is not { } user)
        {
            Users.NotFound++;
            return;
        }

        Users.Disabled += user.AccountEnabled == false ? 1 : 0;
        Users.Guests += user.IsGuest ? 1 : 0;
        Users.Complete += lines.TrueForAll(l => IsImported(l) || l.TwinOf is not null) ? 1 : 0;
        if (lines[0].Secret.Message is { } remark)
        {
            _notes.Add(remark);
        }

        var timeline = HistoryTimeline.Of(lines.Where(IsImported).Select(l => (l.Certificate!.NotBefore, l.Certificate.NotAfter)));
        History.Gaps += timeline.Gaps.Count;
        History.Overlaps += timeline.Overlaps;
        Users.Expiring += timeline.IsExpiring(_input.Now) ? 1 : 0;
        NextExpiry = (NextExpiry, timeline.UntilExpiring(_input.Now)) is ({ } one, { } other) ? (one < other ? one : other) : NextExpiry ?? timeline.UntilExpiring(_input.Now);
        if (timeline.Gaps.Count > 0)
        {
            _notes.Add(string.Create(CultureInfo.InvariantCulture, $"{user.UserPrincipalName} has no certificate from {timeline.Gaps[0].From:yyyy-MM-dd} to {timeline.Gaps[0].To:yyyy-MM-dd}"));
        }

        var sourced = lines.Where(l => l.Id is not null).Select(l => l.Id!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        History.Unsourced += _input.Snapshot.CertificatesOf(user.Id)
            .Count(r => !sourced.Contains(r.Id) && string.Equals(r.IntendedPurpose, _input.Purpose, StringComparison.OrdinalIgnoreCase));
    }

    private void AddLine(EscrowLine line)
    {
        if (line.TwinOf is not null)
        {
            Counts.Duplicates++;
            _notes.Add(line.Message!);
            return;
        }

        Counts.Desired++;
        if (IsImported(line))
        {
            Counts.Imported++;
            if (line.Message is { } warning)
            {
                _notes.Add($"Secret {line.Secret.Name}: {warning}");
            }

            return;
        }

        var isRefused = line.State is CertificateState.Refused or CertificateState.Invalid;
        Counts.Failed += isRefused ? 1 : 0;
        Counts.Pending += isRefused ? 0 : 1;
        if (line.Reason is { } reason)
        {
            _failures.Add(new ImportFailure { Secret = line.Secret.Name, User = line.Secret.UserName, Reason = reason, Message = Shorten(line.Message ?? reason) });
        }
    }

    // One private key in two users' hands, or one record in two resources' care: nobody is stopped by it, and people should know.
    private void AddShared()
    {
        foreach (var shared in _input.Lines.Where(l => l.IsWanted).GroupBy(l => l.Certificate!.Thumbprint).Where(g => g.Skip(1).Any()))
        {
            _notes.Add($"certificate {shared.Key} belongs to several users: {string.Join(", ", shared.Take(3).Select(l => l.Secret.UserName))}");
        }

        foreach (var line in _input.Lines.Where(l => l.IsWanted))
        {
            if (_input.AlsoIn(line) is { } other)
            {
                _notes.Add($"Secret {line.Secret.Name}: CertificateImport {other} imports the same certificate");
            }
        }
    }

    private void AddPast()
    {
        var wanted = _input.Lines.Where(l => l.IsWanted).Select(l => l.Id!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var recorded = wanted.Count(id => !_present.Contains(id.ToLowerInvariant()) && _input.Ledger.Find(id) is not null);
        foreach (var record in _input.Snapshot.CertificatesByUser.Values.SelectMany(r => r))
        {
            if (_input.Ledger.Find(record.Id) is not { } baseline)
            {
                continue;
            }

            recorded++;
            var isSourced = wanted.Contains(record.Id);
            var isOther = baseline.KeyFingerprint != _input.KeyFingerprint;
            Counts.SourceGone += isSourced ? 0 : 1;
            Counts.OtherKey += isOther ? 1 : 0;
            if (isOther && !isSourced)
            {
                _notes.Add($"{record.Thumbprint} of {record.UserPrincipalName} is encrypted to another connector key than today's, and no source is left to encrypt it anew");
            }
        }

        Missing = _input.Ledger.Count - recorded;
        Counts.Failed += Missing;
    }

    private static string Shorten(string message) => message.Length <= LongestMessage ? message : message[..(LongestMessage - 3)] + "...";
}
