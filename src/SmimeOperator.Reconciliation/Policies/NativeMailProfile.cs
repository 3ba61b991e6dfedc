using System.Text.Json;
using SmimeOperator.Api;
using SmimeOperator.Intune.Models;

namespace SmimeOperator.Reconciliation;

/// <summary>The native iOS mail profile, bound to the policy's certificate profiles.</summary>
internal static class NativeMailProfile
{
    /// <param name="context">The policy.</param>
    /// <param name="spec">What the profile is to say.</param>
    /// <param name="facts">What is known beside its spec.</param>
    /// <param name="signingRole">The role of the profile that brings signing certificates, if there is one.</param>
    /// <param name="encryptionRole">The role of the profile that brings encryption certificates, if there is one.</param>
    public static DesiredObject Compose(PolicyContext context, NativeMailSpec spec, PolicyFacts facts, string? signingRole, string? encryptionRole)
    {
        var derivedSigning = DerivedCredentials.ForSigning(context.Spec) && spec.Signing is not null;
        var derivedEncryption = DerivedCredentials.ForEncryption(context.Spec) && spec.Encryption is not null;
        Check("signing", spec.Signing, derivedSigning || signingRole is not null);
        Check("encryption", spec.Encryption, derivedEncryption || encryptionRole is not null);
        var name = $"{context.Spec.DisplayName} - mail";
        var signing = spec.Signing is null ? null : signingRole;
        var encryption = spec.Encryption is null ? null : encryptionRole;
        var desired = context.Object(Roles.NativeMail, ObjectShapes.NativeMail, name, (mark, current) => context.Common(mark, name, new IosEasEmailProfile
        {
            Texts = new Dictionary<string, string?>
            {
                ["accountName"] = spec.AccountName,
                ["hostName"] = spec.HostName,
                ["emailAddressSource"] = Member(spec.EmailAddressSource),
                ["usernameSource"] = Member(spec.UsernameSource),
                ["signingCertificateType"] = TypeOf(derivedSigning, signing),
                ["encryptionCertificateType"] = TypeOf(derivedEncryption, encryption),

                // The spec says nothing of these: set once so that the account works, and left to the tenant's people after that.
                ["authenticationMethod"] = current is null ? "usernameAndPassword" : null,
                ["durationOfEmailToSync"] = current is null ? "userDefined" : null,
                ["easServices"] = current is null ? "calendars,contacts,email,notes,reminders" : null,
            },
            Switches = new Dictionary<string, bool>
            {
                ["requireSsl"] = spec.RequireSsl,
                ["useOAuth"] = spec.UseOAuth,
                ["requireSmime"] = spec.RequireSmime,
                ["smimeEnablePerMessageSwitch"] = spec.PerMessageSwitch,
                ["smimeSigningEnabled"] = spec.Signing is { Enabled: true },
                ["smimeSigningUserOverrideEnabled"] = spec.Signing is { UserOverride: true },
                ["smimeSigningCertificateUserOverrideEnabled"] = spec.Signing is { CertificateUserOverride: true },
                ["smimeEncryptByDefaultEnabled"] = spec.Encryption is { Enabled: true },
                ["smimeEncryptByDefaultUserOverrideEnabled"] = spec.Encryption is { UserOverride: true },
                ["smimeEncryptionCertificateUserOverrideEnabled"] = spec.Encryption is { CertificateUserOverride: true },
            },
        }));
        return desired with
        {
            References =
            [
                .. Reference("smimeSigningCertificate", signing), .. Reference("smimeEncryptionCertificate", encryption),
                .. derivedSigning || derivedEncryption ? [DerivedCredentials.Reference(context.Spec, facts)] : Array.Empty<DesiredReference>(),
            ],
        };
    }

    private static string TypeOf(bool derived, string? role) => derived ? "derivedCredential" : role is null ? "none" : "certificate";

    private static IEnumerable<DesiredReference> Reference(string navigation, string? role) => role is null ? [] : [new DesiredReference(navigation, role)];

    private static void Check(string field, NativeSmimeSwitch? wanted, bool hasSource)
    {
        if (wanted is { Enabled: true } && !hasSource)
        {
            throw VerdictException.Stalled(Reasons.InvalidSpec, $"spec.nativeMail.{field}: it is on, and spec.{field} names no source of certificates");
        }
    }

    private static string Member(UserEmailSource source) => JsonNamingPolicy.CamelCase.ConvertName(source.ToString());
}
