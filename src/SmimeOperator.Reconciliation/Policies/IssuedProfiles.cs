using System.Text.Json;
using SmimeOperator.Api;
using SmimeOperator.Intune.Models;

namespace SmimeOperator.Reconciliation;

/// <summary>Profiles that issue one signing certificate per device.</summary>
internal static class IssuedProfiles
{
    public static DesiredObject Pkcs(PolicyContext context, PkcsSpec spec)
    {
        var name = SigningName(context);
        return context.Object(Roles.SigningPkcsProfile, ObjectShapes.PkcsProfile, name, (mark, current) => context.Common(mark, name, Issued(spec, new IosPkcsCertificateProfile
        {
            CertificationAuthority = spec.CertificationAuthority,
            CertificationAuthorityName = spec.CertificationAuthorityName,
            CertificateTemplateName = spec.CertificateTemplateName,
        })));
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
