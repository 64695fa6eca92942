export default function WelcomeRoute() {
  return <main />
}
