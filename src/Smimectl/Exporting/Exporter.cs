using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace Smimectl;

/// <summary>What an export brought.</summary>
/// <param name="Files">The manifests.</param>
/// <param name="Left">Objects about S/MIME that no manifest states.</param>
/// <param name="LeftImports">Imported certificates that no manifest states.</param>
/// <param name="Notes">What could be stated in part only.</param>
/// <param name="Counts">How much was stated, in words.</param>
internal sealed record ExportResult(
    IReadOnlyList<ExportFile> Files, IReadOnlyList<LeftObject> Left, IReadOnlyList<LeftImports> LeftImports, IReadOnlyList<string> Notes, string Counts);

/// <summary>Turns a tenant's S/MIME setup into manifests that change nothing when they are applied.</summary>
internal sealed class Exporter(TenantView view, TimeProvider time)
{
    private readonly string _namespace = view.Resource.Metadata.NamespaceProperty;
    private readonly List<ExportFile> _files = [];
    private readonly List<LeftObject> _left = [];
    private readonly List<string> _notes = [];

    /// <exception cref="TenantException">A part of the tenant cannot be read: what is not seen must not look absent.</exception>
    public async Task<ExportResult> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var fault in view.Snapshot.Faults.Where(f => f.Key != SnapshotPart.Connectors))
        {
            throw fault.Value;
        }

        var (drafts, left) = new Grouping(view.Snapshot, time.GetUtcNow()).Group(FreeNames(SmimePolicy.KubeKind, Assignment.KubeKind));
        _left.AddRange(left);
        var assignments = new DraftAssignments(view.Snapshot, await GroupsAsync(cancellationToken));
        var check = new DraftCheck(view);
        var policies = 0;
        foreach (var draft in drafts)
        {
            policies += await WriteAsync(draft, check, assignments, cancellationToken) ? 1 : 0;
        }

        var (imports, leftImports) = DraftImports.Of(
            view.Resource.Metadata.Name, view.Snapshot.CertificatesByUser, await TenantUsers.FindAsync(view, cancellationToken), StatedUsers.Of(view), FreeNames(CertificateImport.KubeKind));
        if (imports.Count > 0)
        {
            _files.Add(new ExportFile("imports.yaml", string.Join("---\n", imports.Select(i => ExportManifests.Import(i.Name, i.Spec, i.Notes, _namespace)))));
        }

        return new ExportResult(
            _files, [.. _left.DistinctBy(l => l.Object.Id)], leftImports, _notes,
            $"{policies} policies with {_files.Count(f => f.Name.StartsWith("assignment-", StringComparison.Ordinal))} Assignments, {imports.Count} imports");
    }

    private async Task<bool> WriteAsync(PolicyDraft draft, DraftCheck check, DraftAssignments assignments, CancellationToken cancellationToken)
    {
        var (spec, problem) = await check.SettleAsync(draft, cancellationToken);
        _left.AddRange(draft.Left);
        if (spec is null)
        {
            _left.AddRange(draft.Objects.Values.Select(o => new LeftObject(o, o == draft.AppPolicy ? problem! : $"its app policy {SmimeObjects.Describe(draft.AppPolicy)} is not stated")));
            return false;
        }

        var (_, keys) = SpecReaders.Outlook(draft.AppPolicy, view.Resource.Spec.Undocumented);
        List<string> notes = [.. keys.Select(k => $"left in the tenant as it is: the app setting {k}"), .. Tags(draft, spec)];
        _files.Add(new ExportFile($"policy-{draft.Name}.yaml", ExportManifests.Policy(draft, spec, [.. notes, .. draft.Left.Select(l => $"left out: {SmimeObjects.Describe(l.Object)}: {l.Reason}")], _namespace)));
        if (draft.Roots.Count > 0)
        {
            _files.Add(new ExportFile($"roots-{draft.Name}.yaml", ExportManifests.Roots(draft, _namespace)));
        }

        var stated = assignments.Of(draft);
        for (var i = 0; i < stated.Count; i++)
        {
            var name = i == 0 ? draft.Name : $"{draft.Name}-{i + 1}";
            _files.Add(new ExportFile($"assignment-{name}.yaml", ExportManifests.Assignment(name, stated[i].Spec, stated[i].Comments, stated[i].Notes, _namespace)));
            notes.AddRange(stated[i].Notes);
        }

        if (stated.Count == 0 && draft.Objects.Values.Any(o => o.Assignments.Count > 0))
        {
            notes.Add("its objects share no assignment that can be stated, so there is no Assignment and they stay assigned as they are");
        }

        _notes.AddRange(notes.Select(n => $"SmimePolicy {draft.Name}: {n}"));
        return true;
    }

    private static IEnumerable<string> Tags(PolicyDraft draft, SmimePolicySpec spec) =>
        spec.RoleScopeTagIds is null && draft.Objects.Values.Any(o => SmimeObjects.Texts(o, "roleScopeTagIds") is not ([] or ["0"]))
            ? ["left as they are: the scope tags of its objects, which are not the same on all of them"]
            : [];

    private Names FreeNames(params string[] kinds) => new(view.Contents.Resources.Keys.Where(k => kinds.Contains(k.Kind) && k.Namespace == _namespace).Select(k => k.Name));

    private async Task<IReadOnlyDictionary<string, DirectoryGroup>> GroupsAsync(CancellationToken cancellationToken)
    {
        var ids = view.Snapshot.Objects.Values.SelectMany(c => c.Values).SelectMany(o => o.Assignments).Select(a => a.Target.GroupId).OfType<string>()
            .Where(id => Guid.TryParse(id, out _)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return ids.Count == 0 ? new Dictionary<string, DirectoryGroup>() : await view.Tenant.Connection.FindGroupsByIdAsync(ids, cancellationToken);
    }
}
