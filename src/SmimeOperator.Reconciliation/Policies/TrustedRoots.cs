using System.Globalization;
using SmimeOperator.Api;
using SmimeOperator.Certificates;

namespace SmimeOperator.Reconciliation;

/// <summary>A trusted certificate and the part it plays.</summary>
/// <param name="Entry">Its entry in spec.trustedCertificates.</param>
/// <param name="Role">The role of its profile.</param>
/// <param name="Label">Tells its profile apart from others, for people.</param>
/// <param name="Certificate">The certificate.</param>
internal sealed record TrustedRoot(string Entry, string Role, string Label, TrustedCertificate Certificate);

/// <summary>Gives the certificates of a file their roles, and finds the one that a SCEP profile is bound to. Pure.</summary>
internal static class TrustedRoots
{
    /// <summary>
    /// One role for each certificate of an entry. The only certificate of a file plays the entry's own role, so that its successor takes its
    /// place in the same profile; of several each plays a role by its thumbprint. Whoever has a role keeps it while others come and go.
    /// </summary>
    /// <param name="entry">The entry's name.</param>
    /// <param name="certificates">What its file holds.</param>
    /// <param name="profileOf">What is known of a role's profile: null where nobody plays the role, else the certificate in it (DER; empty where it is gone).</param>
    public static IEnumerable<TrustedRoot> Place(string entry, IReadOnlyList<TrustedCertificate> certificates, Func<string, byte[]?> profileOf)
    {
        var shared = Roles.Root(entry);
        var profile = profileOf(shared);
        var open = certificates.Where(c => profileOf(Roles.Root(entry, c.Thumbprint)) is null).ToList();
        var keeper = profile is null ? null : open.FirstOrDefault(c => c.Der.AsSpan().SequenceEqual(profile));

        // Nobody's certificate is in the entry's own profile, and one certificate has none: it was renewed, or changed in the tenant.
        keeper ??= open.Count == 1 && (certificates.Count == 1 || profile is not null) ? open[0] : null;
        return certificates.Select(c => new TrustedRoot(
            entry,
            c == keeper ? shared : Roles.Root(entry, c.Thumbprint),
            certificates.Count == 1 ? entry : $"{entry}-{c.Thumbprint[..8]}",
            c));
    }

    /// <summary>The certificate that a SCEP profile is bound to.</summary>
    /// <exception cref="VerdictException">None comes into question, or several do.</exception>
    public static TrustedRoot BoundBy(ScepSpec spec, IReadOnlyList<TrustedRoot> roots)
    {
        const string Field = "spec.signing.scep.rootCertificate";
        var entries = roots.Select(r => r.Entry).Distinct().ToList();
        if (spec.RootCertificate is { } name && !entries.Contains(name))
        {
            throw Invalid($"{Field}: '{name}' is none of spec.trustedCertificates ({(entries.Count == 0 ? "there are none" : string.Join(", ", entries))})");
        }

        var candidates = roots.Where(r => spec.RootCertificate is null || r.Entry == spec.RootCertificate).ToList();
        if (spec.RootThumbprint is { } thumbprint)
        {
            return candidates.FirstOrDefault(r => string.Equals(r.Certificate.Thumbprint, thumbprint, StringComparison.OrdinalIgnoreCase))
                ?? throw Invalid($"spec.signing.scep.rootThumbprint: no certificate of {Where(spec)} has the thumbprint {thumbprint}; there are {List(candidates)}");
        }

        var found = candidates.Count == 1 ? candidates : candidates.Where(r => r.Certificate.IsRoot).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 when candidates.Count == 0 => throw Invalid($"{Field}: a SCEP profile is bound to its root, and spec.trustedCertificates is empty; add the root there"),
            0 => throw Invalid($"{Field}: none of {Where(spec)} is a root (they are issued by others: {List(candidates)}); name one in spec.signing.scep.rootThumbprint"),
            _ => throw Invalid(
                $"{Field}: {found.Count} roots come into question: {List(found)}; name the entry, and where its file holds several also spec.signing.scep.rootThumbprint"),
        };
    }

    private static string Where(ScepSpec spec) => spec.RootCertificate is { } name ? $"trustedCertificates[{name}]" : "spec.trustedCertificates";

    private static string List(List<TrustedRoot> roots) =>
        roots.Count == 0 ? "none" : string.Join(", ", roots.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Entry} {r.Certificate.Thumbprint} ({r.Certificate.Subject})")));

    private static VerdictException Invalid(string message) => VerdictException.Stalled(Reasons.InvalidSpec, message);
}
