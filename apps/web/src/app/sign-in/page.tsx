export default function SignInRoute() {
  return <main />
}
