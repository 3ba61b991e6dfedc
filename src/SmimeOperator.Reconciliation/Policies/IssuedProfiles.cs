using System.Text.Json;
using SmimeOperator.Api;
using SmimeOperator.Intune.Models;

namespace SmimeOperator.Reconciliation;

/// <summary>Profiles that issue one signing certificate per device.</summary>
internal static class IssuedProfiles
{
    // The portal shows these names; any other usage is shown by its object identifier.
    private static readonly Dictionary<string, string> UsageNames = new()
    {
        ["1.3.6.1.5.5.7.3.4"] = "Secure Email",
        ["1.3.6.1.5.5.7.3.2"] = "Client Authentication",
        ["2.5.29.37.0"] = "Any Purpose",
    };

    public static DesiredObject Pkcs(PolicyContext context, PkcsSpec spec)
    {
        var name = SigningName(context);
        var desired = context.Object(Roles.SigningPkcsProfile, ObjectShapes.PkcsProfile, name, (mark, current) => context.Common(mark, name, Issued(spec, new IosPkcsCertificateProfile
        {
            CertificationAuthority = spec.CertificationAuthority,
            CertificationAuthorityName = spec.CertificationAuthorityName,
            CertificateTemplateName = spec.CertificateTemplateName,
        })));
        return desired with { TakesPlaceOf = Roles.SigningProfiles.Contains };
    }

    public static DesiredObject Scep(PolicyContext context, ScepSpec spec, IReadOnlyList<TrustedRoot> roots)
    {
        var root = TrustedRoots.BoundBy(spec, roots);
        var name = SigningName(context);
        var desired = context.Object(Roles.SigningScepProfile, ObjectShapes.ScepProfile, name, (mark, current) => context.Common(mark, name, Issued(spec, new IosScepCertificateProfile
        {
            ScepServerUrls = spec.ServerUrls,
            KeySize = $"size{spec.KeySize}",
            KeyUsage = string.Join(',', spec.KeyUsage.Select(Member)),
            ExtendedKeyUsages = [.. spec.ExtendedKeyUsages.Select(id => new ExtendedKeyUsage(UsageNames.GetValueOrDefault(id, id), id))],
        })));
        return desired with
        {
            References = [new DesiredReference("rootCertificate", root.Role)],
            TakesPlaceOf = Roles.SigningProfiles.Contains,
        };
    }

    private static string SigningName(PolicyContext context) => context.ProfileName("signing");

    private static T Issued<T>(IssuedProfileSpec spec, T profile)
        where T : IosIssuedCertificateProfile
    {
        profile.SubjectNameFormatString = spec.SubjectName;
        // A spec without names says that there are none; left out of the body, a removed list would stay in the tenant.
        profile.SubjectAlternativeNames = [.. (spec.SubjectAlternativeNames ?? []).Select(n => new CustomSubjectAlternativeName(Member(n.Type!.Value), n.Value))];
        profile.ValidityPeriodValue = spec.ValidityPeriod.Value;
        profile.ValidityPeriodScale = Member(spec.ValidityPeriod.Scale);
        profile.RenewalThresholdPercentage = spec.RenewalThresholdPercentage;
        return profile;
    }

    // The members of these enums bear Graph's names, but for the first letter.
    private static string Member<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
