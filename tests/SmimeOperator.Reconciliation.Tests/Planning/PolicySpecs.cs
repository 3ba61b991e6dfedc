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

    public static Gen<SigningSpec?> Signing(string[] roots) => Gen.OneOf(
        roots.Length == 0
            ? Gen.Const((SigningSpec?)null)
            : from root in Gen.OneOf(roots)
              from names in Names
              from size in Gen.OneOf(1024, 2048, 4096)
              from usages in Gen.Enum<ScepKeyUsage>().HashSet[1, 2]
              select (SigningSpec?)Scep(root, s =>
              {
                  s.SubjectAlternativeNames = names;
                  s.KeySize = size;
                  s.KeyUsage = [.. usages];
              }),
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

    public static Gen<NativeMailSpec?> Mail(bool canSign, bool canEncrypt) => Gen.OneOf(
        Gen.Const((NativeMailSpec?)null),
        from source in Gen.Enum<UserEmailSource>()
        from signing in Switch(canSign)
        from encryption in Switch(canEncrypt)
        select (NativeMailSpec?)new NativeMailSpec { AccountName = "Contoso", UsernameSource = source, Signing = signing, Encryption = encryption });

    private static Gen<NativeSmimeSwitch?> Switch(bool possible) =>
        from stated in Gen.Bool
        from enabled in Gen.Bool
        from choice in Gen.Bool
        select stated ? new NativeSmimeSwitch { Enabled = enabled && possible, UserOverride = choice } : null;

    public static SigningSpec Scep(string? root, Action<ScepSpec>? change = null)
    {
        var scep = new ScepSpec
        {
            ServerUrls = ["https://ndes.contoso.com/certsrv/mscep/mscep.dll"],
            RootCertificate = root,
            KeyUsage = [ScepKeyUsage.DigitalSignature, ScepKeyUsage.KeyEncipherment],
            SubjectAlternativeNames = [new SubjectAlternativeNameSpec { Type = SubjectAlternativeNameKind.EmailAddress, Value = "{{EmailAddress}}" }],
        };
        change?.Invoke(scep);
        return new SigningSpec { Source = SigningSource.Scep, Scep = scep };
    }

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
