using CsCheck;
using SmimeOperator.Api;

namespace SmimeOperator.Reconciliation.Tests;

/// <summary>Sources of certificates, for generated specs and for the tests of single fields.</summary>
internal static class PolicySpecs
{
    private static readonly Gen<List<SubjectAlternativeNameSpec>?> Names =
        from kinds in Gen.Enum<SubjectAlternativeNameKind>().HashSet[0, 4]
        from none in Gen.Bool
        select none ? null : kinds.Select(k => new SubjectAlternativeNameSpec { Type = k, Value = "{{EmailAddress}}" }).ToList();

    public static Gen<SigningSpec?> Signing { get; } = Gen.OneOf(
        Gen.Const((SigningSpec?)null),
        Gen.Const((SigningSpec?)new SigningSpec { Source = SigningSource.ImportedPkcs }),
        from names in Names
        from percent in Gen.Int[1, 99]
        from scale in Gen.Enum<ValidityScale>()
        select (SigningSpec?)Pkcs(p =>
        {
            p.SubjectAlternativeNames = names;
            p.RenewalThresholdPercentage = percent;
            p.ValidityPeriod = new ValidityPeriod { Value = 12, Scale = scale };
        }));

    public static SigningSpec Pkcs(Action<PkcsSpec>? change = null)
    {
        var pkcs = new PkcsSpec
        {
            CertificationAuthority = "ca01.contoso.com",
            CertificationAuthorityName = "Contoso Issuing CA",
            CertificateTemplateName = "SmimeSigning",
            SubjectAlternativeNames = [new SubjectAlternativeNameSpec { Type = SubjectAlternativeNameKind.EmailAddress, Value = "{{EmailAddress}}" }],
        };
        change?.Invoke(pkcs);
        return new SigningSpec { Source = SigningSource.Pkcs, Pkcs = pkcs };
    }
}
