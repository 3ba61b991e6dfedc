namespace Smimectl;

/// <summary>What can be wrong with a folder of manifests.</summary>
internal static class FolderChecks
{
    private const int Shown = 5;

    public static IReadOnlyList<Diagnosis> Look(TenantFolder folder)
    {
        const string Name = "manifests";
        var problems = folder.Contents.Problems;
        return
        [
            .. problems.Take(Shown).Select(p => Diagnosis.Problem(Name, p.ToString(), "mend the file; what is wrong with it is in the message")),
            .. problems.Count > Shown ? [Diagnosis.Problem(Name, $"{problems.Count - Shown} more problems", "`smimectl plan DIR` lists all of them")] : Array.Empty<Diagnosis>(),
            .. folder.Tenants.Count == 0 ? [Diagnosis.Problem(Name, $"{folder.Path} states no Tenant that can be used", "name a folder that does")] : Array.Empty<Diagnosis>(),
            .. problems.Count == 0 && folder.Tenants.Count > 0
                ? [Diagnosis.Ok(Name, $"{folder.Contents.Resources.Count} resources, among them {string.Join(", ", folder.Tenants.Select(t => "Tenant " + TenantFolder.NameOf(t)))}")]
                : Array.Empty<Diagnosis>(),
        ];
    }
}
